import { blobContract } from "./blob-contract.ts";
import { commitContract } from "./commit-contract.ts";
import { documentContract } from "./document-contract.ts";
import { evolutionContract } from "./evolution-contract.ts";
import { fileContract } from "./file-contract.ts";
import { historyContract } from "./history-contract.ts";
import { listContract } from "./list-contract.ts";
import { outboxContract } from "./outbox-contract.ts";
import { queryContract } from "./query-contract.ts";
import { recordContract } from "./record-contract.ts";
import { searchContract } from "./search-contract.ts";
import { seriesContract } from "./series-contract.ts";
import type { StoreFactory } from "./store-fixture.ts";
import { tenantContract } from "./tenant-contract.ts";

/** What every store has to hold; one body for all of them. */
export function storeContract(name: string, factory: StoreFactory): void {
  describe(`${name} holds the store contract:`, () => {
    commitContract(factory);
    documentContract(factory);
    listContract(factory);
    searchContract(factory);
    queryContract(factory);
    seriesContract(factory);
    historyContract(factory);
    evolutionContract(factory);
    outboxContract(factory);
    recordContract(factory);
    blobContract(factory);
    fileContract(factory);
    tenantContract(factory);
  });
}
