"""What tools of others say of AASX packages, for foreign-packages.test.ts: a JSON answer on standard output."""

import io
import json
import sys


def judge(paths):
    """Whether the AAS test engines take each file, and what they say where they do not."""
    from aas_test_engines import file
    from aas_test_engines.result import Level

    checks = {"json": file.check_json_file, "xml": file.check_xml_file, "aasx": file.check_aasx_file}

    def said(result):
        lines = [result.message] if result.level == Level.ERROR and not result.sub_results else []
        return lines + [line for sub in result.sub_results for line in said(sub)]

    answers = {}
    for path in paths:
        kind = path.rsplit(".", 1)[1]
        with open(path, "rb" if kind == "aasx" else "r") as opened:
            result = checks[kind](opened)
        answers[path] = {"ok": result.ok(), "errors": said(result)}
    return answers


def read(paths):
    """What the BaSyx Python SDK finds in a package: its documents as JSON, its files, its thumbnail."""
    from basyx.aas import model
    from basyx.aas.adapter import aasx
    from basyx.aas.adapter.json import AASToJsonEncoder

    found = model.DictIdentifiableStore()
    files = aasx.DictSupplementaryFileContainer()
    with aasx.AASXReader(paths[0], failsafe=False) as reader:
        reader.read_into(found, files)
        thumbnail = reader.get_thumbnail()

    def content(name):
        out = io.BytesIO()
        files.write_file(name, out)
        return [files.get_content_type(name), out.getvalue().decode()]

    return {
        "documents": {one.id: json.loads(json.dumps(one, cls=AASToJsonEncoder)) for one in found},
        "files": {name: content(name) for name in files},
        "thumbnail": None if thumbnail is None else thumbnail.decode(),
    }


def write(paths):
    """A package with files as the BaSyx Python SDK writes it, from the documents of a JSON file; then all as JSON."""
    from basyx.aas import model
    from basyx.aas.adapter import aasx
    from basyx.aas.adapter.json import read_aas_json_file

    made, source, kind = paths
    with open(source, encoding="utf-8") as opened:
        documents = read_aas_json_file(opened, failsafe=False)
    files = aasx.DictSupplementaryFileContainer()
    files.add_file("/aasx/files/manual.txt", io.BytesIO(b"manual"), "text/plain")
    files.add_file("/aasx/files/thumb.png", io.BytesIO(b"picture"), "image/png")
    shells = [one.id for one in documents if isinstance(one, model.AssetAdministrationShell)]
    with aasx.AASXWriter(made) as writer:
        writer.write_aas(shells, documents, files, write_json=kind == "json")
    return {}


print(json.dumps({"judge": judge, "read": read, "write": write}[sys.argv[1]](sys.argv[2:])))
