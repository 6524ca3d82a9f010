"""Hooks for schemathesis: without them nearly every request ends at an identifier that is no base64url of anything.

Three of four path parameters become those of things that the hub holds, the others stay as they were generated.
Deletes and replacements go to documents that nothing else needs, so that the run does not empty the hub.
"""

import base64
import json

import schemathesis


def b64(text):
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


SHELLS = ["urn:test:aas:1", "urn:test:aas:2"]
SUBMODELS = {"urn:test:aas:1": ["urn:test:sm:1", "urn:test:sm:2"], "urn:test:aas:2": ["urn:test:sm:3"]}
SPARE = "urn:test:spare"
CONCEPTS = ["urn:test:speed"]
PATHS = [
    "Speed", "Serial", "Name", "Limits", "Manual", "Picture", "Parent", "Feeds", "Drives", "Drives.Since", "Motor",
    "Motor.Power", "Pumping", "Reset", "Changed", "Bearing", "Bearing.Temperature", "Phases", "Phases[0]",
    "Phases[1].Current",
]


def pick(values, seed):
    return values[sum(map(ord, str(seed))) % len(values)]


def destroys(operation):
    last = operation.path.rstrip("/").rsplit("/", 1)[-1]
    return operation.method.lower() in ("delete", "put") and last in ("{aasIdentifier}", "{submodelIdentifier}")


@schemathesis.hook
def map_path_parameters(ctx, path_parameters):
    if not path_parameters:
        return path_parameters
    seed = json.dumps(path_parameters, default=str, sort_keys=True)
    if len(seed) % 4 == 0:
        return path_parameters
    spare = destroys(ctx.operation)
    shell = pick(SHELLS, seed)
    known = {
        "aasIdentifier": b64(SPARE if spare else shell),
        "submodelIdentifier": b64(SPARE if spare else pick(SUBMODELS[shell], seed)),
        "cdIdentifier": b64(pick(CONCEPTS, seed)),
        "idShortPath": pick(PATHS, seed),
    }
    return {**path_parameters, **{name: known[name] for name in path_parameters if name in known}}


@schemathesis.hook
def map_query(ctx, query):
    if not query:
        return query
    seed = json.dumps(query, default=str, sort_keys=True)
    if len(seed) % 4 == 0:
        return query
    known = {
        "assetIds": b64(json.dumps({"name": "globalAssetId", "value": "urn:test:asset:1"})),
        "semanticId": b64("urn:test:semantics:1"),
        "aasIds": b64(SHELLS[0]),
        "submodelIds": b64("urn:test:sm:1"),
    }
    return {**query, **{name: known[name] for name in query if name in known}}
