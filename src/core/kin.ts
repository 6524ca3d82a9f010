/**
 * One asset has a shell in one standard and an entity in the other. How each names the other is agreed here, since
 * neither standard's code sees the other's.
 */

/** Name of the specific asset identifier by which a shell names its NGSI-LD entity; the value is the entity's id. */
export const ENTITY_ASSET_ID = "ngsiLdEntity";

/** Name of the attribute, before its context expands it, by which an entity names its shell; the value is the shell's id. */
export const SHELL_ATTRIBUTE = "assetAdministrationShell";
