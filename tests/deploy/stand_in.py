"""A stand-in for the azurerm provider: it knows the schema and nothing of Azure.

`python stand_in.py SCHEMA.json -- terraform validate` runs the real terraform against it. It catches missing, unknown
and mistyped arguments and wrong references; it cannot catch values that only Azure would refuse.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from concurrent import futures
from pathlib import Path
from typing import Any

import grpc
import msgpack
from tf.gen import tfplugin_pb2 as wire

UNKNOWN = msgpack.ExtType(0, b"\x00")
NESTING = {"single": 1, "list": 2, "set": 3, "map": 4}
Fill = Callable[[Any, str], Any]


def _load(value: Any) -> Any:
    if value.msgpack:
        return msgpack.unpackb(value.msgpack, strict_map_key=False, ext_hook=lambda *_: UNKNOWN)
    return json.loads(value.json) if value.json else None


def _dump(value: Any) -> Any:
    return wire.DynamicValue(msgpack=msgpack.packb(value))


def _block(found: dict[str, Any]) -> Any:
    attributes = [
        wire.Schema.Attribute(
            name=name,
            type=json.dumps(item["type"]).encode(),
            **{need: bool(item.get(need)) for need in ("required", "optional", "computed")},
        )
        for name, item in sorted(found["attributes"].items())
    ]
    nested = [
        wire.Schema.NestedBlock(
            type_name=name,
            block=_block(item["block"]),
            nesting=NESTING[item["nesting"]],
            min_items=item.get("min") or 0,
            max_items=item.get("max") or 0,
        )
        for name, item in sorted(found["blocks"].items())
    ]
    return wire.Schema.Block(attributes=attributes, block_types=nested)


def _later(_: Any, __: str) -> Any:
    return UNKNOWN


def _made(form: Any, name: str) -> Any:
    """Return a value of this type, as if Azure had answered."""
    if form == "string":
        return f"/made/{name}" if name == "id" or name.endswith("_id") else f"made-{name}"
    if isinstance(form, str):
        return {"number": 0, "bool": False}[form]
    if form[0] == "object":
        return {name: _made(inner, name) for name, inner in form[1].items()}
    return {} if form[0] == "map" else []


def _is_open(value: Any, fill: Fill) -> bool:
    return value is None or (isinstance(value, msgpack.ExtType) and fill is not _later)


def _filled(block: dict[str, Any], value: Any, fill: Fill) -> Any:
    """Return a value with what the provider would compute: unknown in a plan, made up when applied."""
    if value is None or isinstance(value, msgpack.ExtType):
        return value
    done = dict(value)
    for name, item in block["attributes"].items():
        if item.get("computed") and _is_open(done.get(name), fill):
            done[name] = fill(item["type"], name)
    for name, item in block["blocks"].items():
        inside = done.get(name)
        if isinstance(inside, list):
            done[name] = [_filled(item["block"], each, fill) for each in inside]
        elif isinstance(inside, dict):
            done[name] = _filled(item["block"], inside, fill)
    return done


class Provider:
    """The methods that terraform calls, by the names of its protocol."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self._schema = schema
        for block in (*schema["resources"].values(), *schema["datas"].values()):
            block["attributes"]["id"] = {"type": "string", "optional": True, "computed": True}

    def GetMetadata(self, _: Any, context: Any) -> None:
        context.abort(grpc.StatusCode.UNIMPLEMENTED, "no metadata")

    def GetProviderSchema(self, *_: Any) -> Any:
        answer = wire.GetProviderSchema.Response(provider=wire.Schema(block=_block(self._schema["provider"])))
        answer.server_capabilities.plan_destroy = True
        for name, block in self._schema["resources"].items():
            answer.resource_schemas[name].CopyFrom(wire.Schema(block=_block(block)))
        for name, block in self._schema["datas"].items():
            answer.data_source_schemas[name].CopyFrom(wire.Schema(block=_block(block)))
        return answer

    def UpgradeResourceState(self, asked: Any, _: Any) -> Any:
        return wire.UpgradeResourceState.Response(upgraded_state=_dump(json.loads(asked.raw_state.json)))

    def ReadResource(self, asked: Any, _: Any) -> Any:
        return wire.ReadResource.Response(new_state=asked.current_state)

    def PlanResourceChange(self, asked: Any, _: Any) -> Any:
        wanted = _load(asked.proposed_new_state)
        planned = _filled(self._schema["resources"][asked.type_name], wanted, _later)
        return wire.PlanResourceChange.Response(planned_state=_dump(planned))

    def ApplyResourceChange(self, asked: Any, _: Any) -> Any:
        planned = _load(asked.planned_state)
        done = _filled(self._schema["resources"][asked.type_name], planned, _made)
        return wire.ApplyResourceChange.Response(new_state=_dump(done))

    def ReadDataSource(self, asked: Any, _: Any) -> Any:
        read = _filled(self._schema["datas"][asked.type_name], _load(asked.config), _made)
        return wire.ReadDataSource.Response(state=_dump(read))

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """Answer the rest of the protocol (validate, configure, import, move, stop) with nothing to say."""
        return lambda *_: getattr(wire, name).Response()


CALLS = (
    "GetMetadata",
    "GetProviderSchema",
    "ValidateProviderConfig",
    "ValidateResourceConfig",
    "ValidateDataResourceConfig",
    "ConfigureProvider",
    "UpgradeResourceState",
    "ReadResource",
    "PlanResourceChange",
    "ApplyResourceChange",
    "ReadDataSource",
    "ImportResourceState",
    "MoveResourceState",
    "GetFunctions",
    "StopProvider",
)


def _serve(schema: dict[str, Any], socket: Path) -> grpc.Server:
    provider = Provider(schema)
    handlers = {}
    for name in CALLS:
        messages = getattr(wire, name)
        handlers[name] = grpc.unary_unary_rpc_method_handler(
            getattr(provider, name),
            request_deserializer=messages.Request.FromString,
            response_serializer=messages.Response.SerializeToString,
        )
    server = grpc.server(futures.ThreadPoolExecutor(4), options=[("grpc.max_send_message_length", -1)])
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("tfplugin6.Provider", handlers),))
    server.add_insecure_port(f"unix:{socket}")
    server.start()
    return server


def main(arguments: list[str]) -> int:
    """Run the command after `--` with the stand-in in place of the provider; return its exit code."""
    at = arguments.index("--")
    schema = json.loads(Path(arguments[0]).read_text())
    with tempfile.TemporaryDirectory() as folder:
        socket = Path(folder) / "provider"
        server = _serve(schema, socket)
        address = {"Network": "unix", "String": str(socket)}
        offer = {"Protocol": "grpc", "ProtocolVersion": 6, "Pid": os.getpid(), "Test": True, "Addr": address}
        quiet = {"CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1", "TF_CLI_CONFIG_FILE": "/dev/null"}
        offered = {"TF_REATTACH_PROVIDERS": json.dumps({schema["source"]: offer})}
        code = subprocess.call(arguments[at + 1 :], env={**os.environ, **quiet, **offered})
        server.stop(0)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
