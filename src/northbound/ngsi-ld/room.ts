import type { Contexts } from "../../ngsi-ld/context/contexts.ts";
import type { HostedContexts } from "../../ngsi-ld/context/hosted-contexts.ts";
import type { Discovery } from "../../ngsi-ld/discovery/discovery.ts";
import type { EntityRenderer } from "../../ngsi-ld/entity/render-entity.ts";
import type { LocalEntityService } from "../../ngsi-ld/service/local-entity-service.ts";
import type { SubscriptionService } from "../../ngsi-ld/subscription/subscription-service.ts";
import type { TemporalService } from "../../ngsi-ld/temporal/temporal-service.ts";
import type { TemporalWriter } from "../../ngsi-ld/temporal/temporal-writer.ts";

/** What one tenant offers to the NGSI-LD API. */
export interface NgsiLdRoom {
  readonly entities: LocalEntityService;
  readonly subscriptions: SubscriptionService;
  readonly discovery: Discovery;
  /** What entities were. */
  readonly temporal: TemporalService;
  /** Writes it. */
  readonly past: TemporalWriter;
}

/** What the surface's operations share. */
export interface NgsiLdParts {
  readonly contexts: Contexts;
  readonly hosted: HostedContexts;
  readonly renderer: EntityRenderer;
  /**
   * Throws HubError `unknown-tenant`. `creates`: the request makes information, so it may make its tenant too where the
   * hub allows that (5.5.10).
   */
  room(tenant: string, creates?: boolean): Promise<NgsiLdRoom> | NgsiLdRoom;
}
