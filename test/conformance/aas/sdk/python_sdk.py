"""What the BaSyx Python SDK, unmodified, makes of a running hub: `python_sdk.py <hub>` prints what it saw as JSON."""

import base64
import io
import json
import sys
import urllib.request

from basyx.aas import model
from basyx.aas.adapter.aasx import AASXReader, AASXWriter, DictSupplementaryFileContainer
from basyx.aas.adapter.json import (
    AASToJsonEncoder,
    StrictAASFromJsonDecoder,
    object_store_to_json,
    read_aas_json_file,
)
from basyx.aas.adapter.xml import read_aas_xml_file

HUB = sys.argv[1]
API = HUB + "/api/v3.1"
AASX = "application/asset-administration-shell-package+xml"
SHELL = "urn:test:aas:1"
SUBMODEL = "urn:test:sm:1"


def ask(method, url, body=None, accept="application/json", kind="application/json"):
    headers = {"accept": accept, **({} if body is None else {"content-type": kind})}
    request = urllib.request.Request(url, data=body, method=method, headers=headers)
    with urllib.request.urlopen(request, timeout=20) as answer:
        return answer.read()


def b64(text):
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_package(content):
    objects, files = model.DictIdentifiableStore(), DictSupplementaryFileContainer()
    with AASXReader(io.BytesIO(content), failsafe=False) as reader:
        reader.read_into(objects, files)
        thumbnail = reader.get_thumbnail()
    return objects, files, thumbnail


def contents(files):
    for name in files:
        into = io.BytesIO()
        files.write_file(name, into)
        yield name, into.getvalue().decode()


def ids(objects):
    return sorted(one.id for one in objects)


def documents(objects):
    """By id, as JSON, to compare what came over different ways."""
    environment = json.loads(object_store_to_json(objects))
    return {one["id"]: one for part in environment.values() for one in part}


def main():
    url = f"{API}/serialization?includeConceptDescriptions=true"
    package, files, thumbnail = read_package(ask("GET", url, accept=AASX))
    from_json = read_aas_json_file(io.StringIO(ask("GET", url).decode()), failsafe=False)
    from_xml = read_aas_xml_file(io.BytesIO(ask("GET", url, accept="application/xml")), failsafe=False)
    same = documents(package) == documents(from_json) == documents(from_xml)

    submodel = package.get_item(SUBMODEL)
    submodel.get_referable("Speed").value = 77
    written = io.BytesIO()
    with AASXWriter(written, failsafe=False) as writer:
        writer.write_aas([SHELL], package, files)
    imported = json.loads(
        ask("POST", f"{HUB}/admin/import?mode=strict&conflict=replace", written.getvalue(), kind="application/octet-stream")
    )
    speed = json.loads(ask("GET", f"{API}/submodels/{b64(SUBMODEL)}/submodel-elements/Speed/$value"))
    manual = ask("GET", f"{API}/submodels/{b64(SUBMODEL)}/submodel-elements/Manual/attachment", accept="*/*")

    own = model.Submodel(
        "urn:test:python",
        submodel_element={model.Property("Size", model.datatypes.Int, 3), model.Range("Span", model.datatypes.Double, 1.0)},
    )
    ask("POST", f"{API}/submodels", json.dumps(own, cls=AASToJsonEncoder).encode())
    back = json.loads(ask("GET", f"{API}/submodels/{b64(own.id)}"), cls=StrictAASFromJsonDecoder)
    ask("DELETE", f"{API}/submodels/{b64(own.id)}")

    json.dump(
        {
            "ids": ids(package),
            "elements": sorted({type(element).__name__ for element in submodel.submodel_element}),
            "files": dict(contents(files)),
            "thumbnail": None if thumbnail is None else thumbnail.decode(),
            "same": same,
            "imported": imported,
            "speed": speed,
            "manual": manual.decode(),
            "size": back.get_referable("Size").value,
        },
        sys.stdout,
    )


main()
