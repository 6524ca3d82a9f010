/** Chapter 5, data types, behaviours and operations. An operation's clauses on input, behaviour and output count for it. */
export const chapter5 = `
5.2.2 members that everything has
5.2.3 @context in a body
5.2.4 Entity
5.2.5 Property
5.2.6 Relationship
5.2.7 GeoProperty
5.2.8 EntityInfo
5.2.9 CSourceRegistration
5.2.10 RegistrationInfo
5.2.11 TimeInterval
5.2.12 Subscription
5.2.13 GeoQuery
5.2.14.1 NotificationParams
5.2.14.2 NotificationParams: what the broker tells
5.2.15 Endpoint
5.2.16 BatchOperationResult
5.2.17 BatchEntityError
5.2.18 UpdateResult
5.2.19 NotUpdatedDetails
5.2.20 EntityTemporal
5.2.21 TemporalQuery
5.2.22 KeyValuePair
5.2.23 Query
5.2.24 EntityTypeList
5.2.25 EntityType
5.2.26 EntityTypeInfo
5.2.27 AttributeList
5.2.28 Attribute
5.2.29 Feature
5.2.30 FeatureCollection
5.2.31 FeatureProperties
5.2.32 LanguageProperty
5.2.33 EntitySelector
5.2.34 RegistrationManagementInfo
5.2.35 VocabProperty
5.2.36 ListProperty
5.2.37 ListRelationship
5.2.38 JsonProperty
5.2.39 EntityMap
5.2.40 identity of the broker
5.2.41 Snapshot
5.2.42 ExecutionResultDetails
5.2.43 OrderingParams
5.2.44 AggregationParams
5.3.1 Notification
5.3.2 CSourceNotification
5.3.3 TriggerReasonEnumeration
5.3.4 SnapshotNotification
5.4 fragments
5.5.2 types of errors
5.5.3 body of an error
5.5.4 what every request is checked for
5.5.5 the context where none is given
5.5.6 order of checks; what went wrong inside
5.5.7 terms to URIs and back
5.5.8 partial update
5.5.9.1 pages: links to the next and previous
5.5.9.2 pages by limit and offset
5.5.9.3 pages by entity maps
5.5.10 tenants: named, made, unknown
5.5.11 one entity several times in an array
5.5.11.1 … when created
5.5.11.2 … when upserted
5.5.11.3 … when updated
5.5.11.4 … when deleted
5.5.11.5 … when merged
5.5.12 merge patch
5.5.13 this broker alone
5.5.14 transactions over several brokers
5.5.15 behaviour of snapshots
5.6.1 create an entity
5.6.2 update attributes
5.6.3 append attributes
5.6.4 update an attribute partially
5.6.5 delete an attribute
5.6.6 delete an entity
5.6.7 create a batch
5.6.8 upsert a batch
5.6.9 update a batch
5.6.10 delete a batch
5.6.11 upsert an evolution
5.6.12 add attributes to an evolution
5.6.13 delete an attribute's evolution
5.6.14 amend an instance in an evolution
5.6.15 delete an instance from an evolution
5.6.16 delete an evolution
5.6.17 merge an entity
5.6.18 replace an entity
5.6.19 replace an attribute
5.6.20 merge a batch
5.6.21 purge entities
5.7.1 retrieve an entity
5.7.2 query entities
5.7.3 retrieve an evolution
5.7.4 query evolutions
5.7.5 which types there are
5.7.6 which types there are, with details
5.7.7 one type
5.7.8 which attributes there are
5.7.9 which attributes there are, with details
5.7.10 one attribute
5.7.11 how brokers find types and attributes
5.8.1 create a subscription
5.8.2 update a subscription
5.8.3 retrieve a subscription
5.8.4 list subscriptions
5.8.5 delete a subscription
5.8.6 when and what is notified
5.9 registration of context sources
5.10 discovery of context sources
5.11 subscriptions to registrations
5.12 which registrations match
5.13.1 contexts: kinds and life
5.13.2 add a context
5.13.3 list contexts
5.13.4 serve a context
5.13.5 delete or reload a context
5.14.1 retrieve an entity map
5.14.2 update an entity map
5.14.3 delete an entity map
5.14.4 make an entity map for a query
5.14.5 make an entity map for a temporal query
5.15.1 who this broker is
5.16 snapshots: create, clone, retrieve, update, delete, purge
`;
