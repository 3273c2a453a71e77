"""The schema of Terraform's azurerm provider, read from the bindings that are published for JavaScript and Python.

In:    a package of the bindings (`.tgz` of npm, `.whl` of PyPI): type declarations and generated classes.
Out:   a JSON file: the provider, its resources and data sources with their arguments, types and blocks.
Never: knows what values Azure accepts; that is in the provider itself, which cannot be had offline.
"""

from __future__ import annotations

import gzip
import io
import json
import re
import sys
import tarfile
import zipfile
from functools import cached_property
from pathlib import Path
from typing import Any

Block = dict[str, Any]

TYPES: dict[str, Any] = {
    "String": "string",
    "Number": "number",
    "Boolean": "bool",
    "List": ["list", "string"],
    "NumberList": ["list", "number"],
    "StringMap": ["map", "string"],
    "NumberMap": ["map", "number"],
    "BooleanMap": ["map", "bool"],
    "AnyMap": ["map", "string"],
    "StringMapList": ["list", ["map", "string"]],
}
KINDS = {"TerraformResource": "resources", "TerraformDataSource": "datas"}
CLASS = re.compile(r"^class (\w+) extends .*?^}", re.DOTALL | re.MULTILINE)
GETTER = re.compile(
    r"get (\w+)\(\) \{\s*return (cdkt[fn]\.Fn\.tolist\(\S*?|cdkt[fn]\.Token\.\w+\(\S*?)?"
    r"this\.get(\w+)Attribute\(['\"]([^'\"]+)['\"]"
)
PLAIN_GETTER = re.compile(r"get (\w+)\(\) \{\s*return this\.interpolationForAttribute\(['\"]([^'\"]+)['\"]")
NESTED = re.compile(r"(?:this\.|^ {4})_(\w+) = new (\w+)\(this, ['\"]([^'\"]+)['\"](?:, (true|false))?\)", re.MULTILINE)
RESOURCE_TYPE = re.compile(r"terraformResourceType: ['\"](\w+)['\"]")
DOC_NAME = re.compile(r"#\w+ \w+#(\w+)\}")


class Bindings:
    """One package of bindings, opened once: random access in a compressed archive is quadratic."""

    def __init__(self, path: Path) -> None:
        raw = path.read_bytes()
        if path.suffix == ".whl":
            wheel = zipfile.ZipFile(path)
            raw = wheel.read(next(name for name in wheel.namelist() if name.endswith(".jsii.tgz")))
        self._tar = tarfile.TarFile(fileobj=io.BytesIO(gzip.decompress(raw)))
        self._members = {member.name: member for member in self._tar.getmembers()}
        self._classes: dict[str, dict[str, str]] = {}

    def text(self, name: str) -> str:
        """Return a file of the package."""
        found = self._tar.extractfile(self._members[f"package/{name}"])
        assert found is not None
        return found.read().decode()

    @cached_property
    def about(self) -> dict[str, Any]:
        """The package's own description."""
        return json.loads(self.text("package.json"))

    @cached_property
    def types(self) -> dict[str, Any]:
        """Every declared type by its full name."""
        return json.loads(self.text(".jsii"))["types"]

    def body(self, module: str, name: str) -> str:
        """Return the source of a generated class, "" if there is none."""
        if module not in self._classes:
            source = self.text(f"lib/{module}/index.js")
            self._classes[module] = {match[1]: match[0] for match in CLASS.finditer(source)}
        return self._classes[module].get(name, "")

    def properties(self, struct: str) -> dict[str, Any]:
        """Return the declared properties of a struct by name."""
        return {item["name"]: item for item in self.types.get(struct, {}).get("properties", [])}

    def struct_of(self, declared: dict[str, Any]) -> str:
        """Return the struct that a property holds, alone, in a list or as one of several forms; "" if none."""
        if declared.get("fqn", "").startswith(self.about["name"] + "."):
            return declared["fqn"]
        if "collection" in declared:
            return self.struct_of(declared["collection"]["elementtype"])
        forms = declared.get("union", {}).get("types", [])
        return next(filter(None, map(self.struct_of, forms)), "")

    def block(self, module: str, name: str, struct: str) -> Block:
        """Return arguments and blocks of a class whose configuration is `struct`."""
        body, declared = self.body(module, name), self.properties(struct)
        attributes: dict[str, Any] = {}
        for camel, wrapped, kind, own in GETTER.findall(body):
            form = TYPES[kind]
            as_set = bool(wrapped) and isinstance(form, list)
            attributes[own] = {"type": ["set", form[1]] if as_set else form} | _need(declared.get(camel))
        for camel, own in PLAIN_GETTER.findall(body):
            need = {"optional": True} if camel in declared else {"computed": True}
            attributes.setdefault(own, {"type": "string", **need})
        blocks: dict[str, Any] = {}
        for camel, inner, own, is_set in NESTED.findall(body):
            found = self._nested(module, inner, declared.get(camel))
            if camel in declared:
                blocks[own] = _placed(own, found, declared[camel], inner.endswith("List"), is_set == "true")
            else:
                form = ["set" if is_set == "true" else "list", _object(found)]
                attributes[own] = {"type": form, "computed": True}
        return {"attributes": attributes, "blocks": blocks}

    def _nested(self, module: str, inner: str, declared: dict[str, Any] | None) -> Block:
        name = inner.removesuffix("List") + ("OutputReference" if inner.endswith("List") else "")
        return self.block(module, name, self.struct_of(declared["type"]) if declared else "")

    def provider(self, struct: str) -> Block:
        """Return the provider's own block; it has no getters, so names come from its documentation."""
        attributes, blocks = {}, {}
        for camel, item in self.properties(struct).items():
            if camel == "alias":
                continue
            docs = item.get("docs", {})
            named = DOC_NAME.search(docs.get("remarks", "") + docs.get("summary", ""))
            own = named[1] if named else re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", camel).lower()
            if inner := self.struct_of(item["type"]):
                needed = 0 if item.get("optional") else 1
                blocks[own] = {"nesting": "list", "block": self.provider(inner), "min": needed, "max": 0}
            else:
                attributes[own] = {"type": _simple(item["type"])} | _need(item)
        return {"attributes": attributes, "blocks": blocks}


def _need(declared: dict[str, Any] | None) -> dict[str, bool]:
    if declared is None:
        return {"computed": True}
    return {"optional": True} if declared.get("optional") else {"required": True}


def _placed(name: str, block: Block, declared: dict[str, Any], many: bool, as_set: bool) -> Block:
    if name == "timeouts":
        return {"nesting": "single", "block": block}
    needed = 0 if declared.get("optional") else 1
    return {"nesting": "set" if as_set else "list", "block": block, "min": needed, "max": 0 if many else 1}


def _object(block: Block) -> list[Any]:
    inside = {name: item["type"] for name, item in block["attributes"].items()}
    return ["object", inside | {name: ["list", _object(item["block"])] for name, item in block["blocks"].items()}]


def _simple(declared: dict[str, Any]) -> Any:
    forms = [declared, *declared.get("union", {}).get("types", [])]
    primitive = next((form["primitive"] for form in forms if "primitive" in form), "")
    kind = declared.get("collection", {}).get("kind", "")
    many = {"array": ["list", "string"], "map": ["map", "string"]}
    return many.get(kind) or {"number": "number", "boolean": "bool"}.get(primitive, "string")


def extract(path: Path) -> dict[str, Any]:
    """Return the schema that the bindings in `path` were made from."""
    bindings = Bindings(path)
    about = next(bindings.about[key]["provider"] for key in ("cdktn", "cdktf") if key in bindings.about)
    found: dict[str, Any] = {"source": about["name"], "version": about["version"], "resources": {}, "datas": {}}
    for declared in bindings.types.values():
        base = declared.get("base", "").rpartition(".")[2]
        if declared["kind"] != "class" or base not in (*KINDS, "TerraformProvider"):
            continue
        module = declared["locationInModule"]["filename"].split("/")[-2]
        parameters = declared["initializer"]["parameters"]
        config = next(item["type"]["fqn"] for item in parameters if item["name"] == "config")
        if base == "TerraformProvider":
            found["provider"] = bindings.provider(config)
            continue
        named = RESOURCE_TYPE.search(bindings.body(module, declared["name"]))
        assert named is not None, declared["name"]
        found[KINDS[base]][named[1]] = bindings.block(module, declared["name"], config)
    return found


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(json.dumps(extract(Path(sys.argv[1])), separators=(",", ":")))
