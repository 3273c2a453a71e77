"""How to ask, ready to be copied: every POST's example in curl, Python and PowerShell, made from the OpenAPI document.

In:    a schema whose bodies have examples.
Out:   `x-codeSamples` at each operation.
Never: writes an example by hand: what is shown is what a test runs.
"""

from __future__ import annotations

import json
from typing import Any

ADDRESS = "http://localhost:8501/api"
KEY = "YOUR-KEY"
CURL = """curl -sS -X POST {url} \\
  -H 'authorization: Bearer {key}' -H 'content-type: application/json' \\
  -d '{body}'"""
PYTHON = """import json, urllib.request

body = {body}
headers = {{"authorization": "Bearer {key}", "content-type": "application/json"}}
request = urllib.request.Request("{url}", json.dumps(body).encode(), headers)
with urllib.request.urlopen(request) as answer:
    print(json.dumps(json.load(answer), indent=1))"""
POWERSHELL = """$body = @'
{body}
'@
$headers = @{{ authorization = "Bearer {key}" }}
Invoke-RestMethod -Method Post -Uri "{url}" -Headers $headers -ContentType "application/json" -Body $body |
  ConvertTo-Json -Depth 12"""
LANGUAGES = {"curl": ("Shell", CURL), "python": ("Python", PYTHON), "powershell": ("PowerShell", POWERSHELL)}


def add(schema: dict[str, Any]) -> None:
    """Put the examples of every body beside its operation."""
    for path, methods in schema["paths"].items():
        for operation in methods.values():
            if (body := _example(operation, schema)) is not None:
                operation["x-codeSamples"] = [
                    {"lang": name, "label": lang, "source": written(lang, ADDRESS + path, body)}
                    for lang, (name, _) in LANGUAGES.items()
                ]


def written(language: str, url: str, body: Any, key: str = KEY) -> str:
    """Return how to send a body, as text of a language."""
    text = repr(body) if language == "python" else json.dumps(body, indent=1)
    return LANGUAGES[language][1].format(url=url, body=text, key=key)


def _example(operation: dict[str, Any], schema: dict[str, Any]) -> Any:
    content = operation.get("requestBody", {}).get("content", {})
    reference = content.get("application/json", {}).get("schema", {}).get("$ref", "")
    found = schema["components"]["schemas"].get(reference.rpartition("/")[2], {})
    return next(iter(found.get("examples", [])), None)
