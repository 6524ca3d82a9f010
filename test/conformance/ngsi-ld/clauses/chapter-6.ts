/** Chapters 6 and 7, the bindings to HTTP and MQTT: common behaviour, then every method. */
export const chapter6 = `
6.2 paths below the base
6.3.2 statuses of errors
6.3.3 body of an error
6.3.4 media types, lengths and weights
6.3.5 where the context comes from
6.3.6 headers and media types of answers
6.3.7 representation by options and format
6.3.8 notifications by HTTP
6.3.9 notifications of registrations
6.3.10 Link to pages
6.3.11 system attributes
6.3.12 representation of evolutions
6.3.13 NGSILD-Results-Count
6.3.14 NGSILD-Tenant
6.3.15 GeoJSON
6.3.16 how long contexts are good
6.3.17 caching and time-outs of distributed operations
6.3.18 local
6.3.19 headers for context sources
6.3.20 unknown parameters
6.3.21 version and profile that are preferred
6.3.22 NGSILD-Snapshot
6.4.3.1 POST entities/
6.4.3.2 GET entities/
6.4.3.3 DELETE entities/
6.5.3.1 GET entities/{entityId}
6.5.3.2 DELETE entities/{entityId}
6.5.3.3 PUT entities/{entityId}
6.5.3.4 PATCH entities/{entityId}
6.6.3.1 POST entities/{entityId}/attrs/
6.6.3.2 PATCH entities/{entityId}/attrs/
6.7.3.1 PATCH entities/{entityId}/attrs/{attrId}
6.7.3.2 DELETE entities/{entityId}/attrs/{attrId}
6.7.3.3 PUT entities/{entityId}/attrs/{attrId}
6.8 csourceRegistrations/
6.9 csourceRegistrations/{registrationId}
6.10.3.1 POST subscriptions/
6.10.3.2 GET subscriptions/
6.11.3.1 GET subscriptions/{subscriptionId}
6.11.3.2 PATCH subscriptions/{subscriptionId}
6.11.3.3 DELETE subscriptions/{subscriptionId}
6.12 csourceSubscriptions/
6.13 csourceSubscriptions/{subscriptionId}
6.14.3.1 POST entityOperations/create
6.15.3.1 POST entityOperations/upsert
6.16.3.1 POST entityOperations/update
6.17.3.1 POST entityOperations/delete
6.18.3.1 POST temporal/entities/
6.18.3.2 GET temporal/entities/
6.19.3.1 GET temporal/entities/{entityId}
6.19.3.2 DELETE temporal/entities/{entityId}
6.20.3.1 POST temporal/entities/{entityId}/attrs/
6.21.3.1 DELETE temporal/entities/{entityId}/attrs/{attrId}
6.22.3.1 PATCH temporal/entities/{entityId}/attrs/{attrId}/{instanceId}
6.22.3.2 DELETE temporal/entities/{entityId}/attrs/{attrId}/{instanceId}
6.23.3.1 POST entityOperations/query
6.24.3.1 POST temporal/entityOperations/query
6.25.3.1 GET types/
6.26.3.1 GET types/{type}
6.27.3.1 GET attributes/
6.28.3.1 GET attributes/{attrId}
6.29.3.1 POST jsonldContexts/
6.29.3.2 GET jsonldContexts/
6.30.3.1 GET jsonldContexts/{contextId}
6.30.3.2 DELETE jsonldContexts/{contextId}
6.31.3.1 POST entityOperations/merge
6.32.3.1 GET entityMaps/{entityMapId}
6.32.3.2 PATCH entityMaps/{entityMapId}
6.32.3.3 DELETE entityMaps/{entityMapId}
6.33.3.1 GET info/sourceIdentity
6.34.3.1 GET entityMaps
6.34.3.2 POST entityMaps
6.35.3.1 GET temporal/entityMaps
6.35.3.2 POST temporal/entityMaps
6.36 snapshots
6.37 snapshots/{snapshotId}
6.38 snapshots/{snapshotId}/clone
7.2 notifications by MQTT
`;
