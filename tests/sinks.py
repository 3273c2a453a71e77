"""Receivers on this machine: an HTTP endpoint and a mail server that keep what they are sent."""

from __future__ import annotations

import json
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class HttpSink:
    """What was posted; `answers` are the codes to answer with, the last one for ever; 0 breaks the connection."""

    address: str = ""
    answers: list[int] = field(default_factory=lambda: [200])
    body: dict[str, Any] = field(default_factory=lambda: {"itemsReceived": 1, "itemsAccepted": 1, "errors": []})
    posted: list[tuple[str, Any]] = field(default_factory=list)

    def next_answer(self) -> int:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def http_sink() -> Iterator[HttpSink]:
    """Listen on a free port of this machine."""
    sink = HttpSink()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers.get("content-length", 0)))
            sink.posted.append((self.path, json.loads(content)))
            code = sink.next_answer()
            if code == 0:
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
                return
            body = json.dumps(sink.body).encode()
            self.send_response(code)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        sink.address = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield sink
        server.shutdown()
        thread.join()


@dataclass
class MailSink:
    """The mails that came; `refuses` answers a command's first word with a line, `breaks` ends after the content."""

    port: int = 0
    mails: list[tuple[list[str], Message]] = field(default_factory=list)
    refuses: dict[str, str] = field(default_factory=dict)
    breaks: bool = False


class _MailHandler(socketserver.StreamRequestHandler):
    """One conversation; the server knows the sink."""

    def handle(self) -> None:
        self.sink: MailSink = self.server.sink  # type: ignore[attr-defined]
        self.receivers: list[str] = []
        self._say("220 here")
        for line in self.rfile:
            words = line.decode().strip()
            if not self._answered(words.split(" ")[0].upper(), words):
                return

    def _answered(self, command: str, words: str) -> bool:
        """Answer a command; return whether the conversation goes on."""
        if command in self.sink.refuses:
            self._say(self.sink.refuses[command])
        elif command == "DATA":
            return self._content()
        else:
            if command == "RCPT":
                self.receivers.append(words.partition(":")[2].strip("<> "))
            self._say("221 bye" if command == "QUIT" else "250 ok")
        return command != "QUIT"

    def _content(self) -> bool:
        self._say("354 go on")
        lines = list(iter(self.rfile.readline, b".\r\n"))
        self.sink.mails.append((self.receivers, message_from_bytes(b"".join(lines), policy=default)))
        self.receivers = []
        if not self.sink.breaks:
            self._say("250 kept")
        return not self.sink.breaks

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@contextmanager
def mail_sink() -> Iterator[MailSink]:
    """Speak enough SMTP for one mail after another."""
    sink = MailSink()
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _MailHandler) as server:
        server.daemon_threads = True
        server.sink = sink  # type: ignore[attr-defined]
        sink.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield sink
        server.shutdown()
        thread.join()


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        return int(place.getsockname()[1])
