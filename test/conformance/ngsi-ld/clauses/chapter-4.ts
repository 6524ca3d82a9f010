/** Chapter 4, the framework: what says something that a broker can keep. Titles are our own short words. */
export const chapter4 = `
4.2.2 meta model: entities with properties and relationships, which may have both again
4.2.3 cross-domain terms: geometry, time, units
4.3.3 several brokers beside each other
4.3.4 brokers in a federation
4.3.5 the interfaces, and which of them a broker offers
4.3.6 distributed operations
4.3.6.8 payloads of older versions on request
4.3.7 snapshots
4.4 the core context, and users' contexts that cannot redefine it
4.5.1 an entity: id, type, scope, attributes
4.5.2.2 Property, normalized
4.5.2.3 Property, concise
4.5.3.2 Relationship, normalized
4.5.3.3 Relationship, concise
4.5.4 simplified representation
4.5.5.1 several instances of one attribute, told apart by datasetId
4.5.5.2 transient entities in conflict
4.5.5.3 attributes in conflict
4.5.6 an entity's evolution
4.5.7 a Property's evolution
4.5.8 a Relationship's evolution
4.5.9 simplified evolution
4.5.10 list of types
4.5.11 list of types with their attributes
4.5.12 one type
4.5.13 list of attributes
4.5.14 list of attributes with their types
4.5.15 one attribute
4.5.16.1 which geometry a GeoJSON feature has
4.5.16.2 an entity as GeoJSON
4.5.16.3 entities as GeoJSON
4.5.17.1 an entity as GeoJSON, simplified
4.5.17.2 entities as GeoJSON, simplified
4.5.18.2 LanguageProperty, normalized
4.5.18.3 LanguageProperty, concise
4.5.19.0 aggregated evolution: methods and periods
4.5.19.1 what each method makes of each type of value
4.5.20.2 VocabProperty, normalized
4.5.20.3 VocabProperty, concise
4.5.21.2 ListProperty, normalized
4.5.21.3 ListProperty, concise
4.5.22.2 ListRelationship, normalized
4.5.22.3 ListRelationship, concise
4.5.23.1 what is linked comes with what links to it
4.5.23.2 linked entities inside
4.5.23.3 linked entities beside
4.5.24.2 JsonProperty, normalized
4.5.24.3 JsonProperty, concise
4.5.25 entity map
4.6.1 UTF-8
4.6.2 names
4.6.3 types of values
4.6.4 characters that texts do not have
4.6.5 language maps
4.6.6 order of several instances of one entity
4.7.1 GeoJSON geometries
4.7.2 geometries in JSON-LD
4.7.3 GeoProperty, concise
4.8 times
4.9 query language
4.10 geoquery language
4.11 temporal query language
4.12 pages
4.13 counts
4.14 tenants
4.15 language filter
4.16 several types of one entity
4.17 type selection language
4.18 scopes
4.19 scope query language
4.20 names of distributed operations
4.21 projection of attributes
4.22 what is kept until a time
4.23.1 ordering of entities
4.23.2 order across types of values
4.23.3 ordering language
`;
