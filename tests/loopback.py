"""A hub on loopback that speaks the hub's own HTTP API, and a few ways in which a hub can go wrong."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import unquote, urlsplit

import yaml


@dataclass
class Repository:
    """One model: its revisions (``main``, tags, ``refs/pr/N``) and what they hold."""

    revisions: dict[str, dict[str, bytes]] = field(default_factory=dict)
    card: dict[str, Any] = field(default_factory=dict)
    pipeline_tag: str | None = None
    gated: bool = False
    token: str | None = None  # it is private to whoever has it
    requests: list[dict[str, Any]] = field(default_factory=list)

    def commit(self, revision: str) -> str:
        files = self.revisions[revision]
        digest = hashlib.sha1(revision.encode())
        for name in sorted(files):
            digest.update(name.encode() + files[name])
        return digest.hexdigest()

    def find(self, revision: str) -> str | None:
        """Return the name of a revision, which may be given as a commit."""
        if revision in self.revisions:
            return revision
        return next((name for name in self.revisions if self.commit(name) == revision), None)


@dataclass
class Hub:
    """The server's state, and its log."""

    repositories: dict[str, Repository] = field(default_factory=dict)
    url: str = ""
    asked: list[tuple[str, str, str]] = field(default_factory=list)  # method, path, Range
    cut: dict[str, int] = field(default_factory=dict)  # file: after so many bytes, once
    cut_always: bool = False
    change: set[str] = field(default_factory=set)  # files that arrive changed
    status: int | None = None  # answered to everything

    def add(self, name: str, folder: Path, **more: Any) -> Repository:
        """Serve a folder as the main branch of a model."""
        files = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
        card: dict[str, Any] = {}
        if front := re.match(r"---\n(.*?)\n---", files.get("README.md", b"").decode(), re.DOTALL):
            card = yaml.safe_load(front[1])
        repository = Repository({"main": files}, card, card.get("pipeline_tag"), **more)
        self.repositories[name] = repository
        return repository

    def sent(self, name: str) -> list[str]:
        """Return the ranges in which a file was asked for."""
        return [range_ for method, path, range_ in self.asked if method == "GET" and path.endswith(f"/{name}")]


@contextmanager
def serve(hub: Hub) -> Iterator[Hub]:
    """Run the server on a free port of loopback."""

    class Handler(_Handler):
        state = hub

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hub.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    state: Hub

    def log_message(self, *_: object) -> None:
        pass

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def _answer(self, *, with_body: bool) -> None:
        hub = self.state
        path = unquote(urlsplit(self.path).path)
        hub.asked.append((self.command, path, self.headers.get("Range", "")))
        if hub.status:
            return self._error(hub.status, "", "the hub is on fire")
        if found := re.fullmatch(r"/api/models/([^/]+/[^/]+)/discussions", path):
            return self._discussions(found[1])
        if found := re.fullmatch(r"/api/models/([^/]+/[^/]+)/tree/([^/]+)", path):
            return self._tree(found[1], found[2])
        if found := re.fullmatch(r"/api/models/([^/]+/[^/]+)(?:/revision/(.+))?", path):
            return self._info(found[1], found[2] or "main")
        if found := re.fullmatch(r"/([^/]+/[^/]+)/resolve/(refs/pr/\d+|[^/]+)/(.+)", path):
            return self._file(found[1], found[2], found[3], with_body)
        return self._error(404, "", "no such page")

    def _repository(self, name: str) -> Repository | None:
        repository = self.state.repositories.get(name)
        given = self.headers.get("Authorization", "")
        if given and given not in ("Bearer good", "Bearer hf_good"):
            self._error(401, "", "Invalid credentials in Authorization header")
            return None
        if repository is None or (repository.token and given != f"Bearer {repository.token}"):
            self._error(401 if not given else 404, "RepoNotFound", "Repository not found")
            return None
        if repository.gated and not given:
            self._error(401, "GatedRepo", f"Access to model {name} is restricted.")
            return None
        return repository

    def _info(self, name: str, revision: str) -> None:
        if (repository := self._repository(name)) is None:
            return None
        known = repository.find(revision)
        if known is None:
            return self._error(404, "RevisionNotFound", f"Invalid rev id: {revision}")
        siblings = [_sibling(file, data) for file, data in sorted(repository.revisions[known].items())]
        return self._json(
            {
                "_id": "1",
                "id": name,
                "modelId": name,
                "sha": repository.commit(known),
                "private": bool(repository.token),
                "gated": repository.gated,
                "disabled": False,
                "downloads": 0,
                "likes": 0,
                "tags": [f"license:{repository.card.get('license', '')}"],
                "pipeline_tag": repository.pipeline_tag,
                "cardData": repository.card,
                "siblings": siblings,
                "spaces": [],
                "createdAt": "2024-01-01T00:00:00.000Z",
            }
        )

    def _tree(self, name: str, revision: str) -> None:
        if (repository := self._repository(name)) is None:
            return None
        entries = []
        for file, data in sorted(repository.revisions[repository.find(revision) or "main"].items()):
            sibling = _sibling(file, data)
            entry = {"type": "file", "path": file, "size": len(data), "oid": sibling["blobId"]}
            if lfs := sibling.get("lfs"):
                entry["lfs"] = {"oid": lfs["sha256"], "size": len(data), "pointerSize": 134}
            entries.append(entry)
        return self._json(entries)

    def _discussions(self, name: str) -> None:
        if (repository := self._repository(name)) is None:
            return None
        found = [
            {
                "num": each["num"],
                "author": {"name": each["author"]},
                "repo": {"name": name, "type": "model"},
                "title": each["title"],
                "status": each.get("status", "open"),
                "isPullRequest": True,
                "createdAt": "2024-01-01T00:00:00.000Z",
            }
            for each in repository.requests
        ]
        return self._json({"discussions": found, "count": len(found), "start": 0})

    def _file(self, name: str, revision: str, file: str, with_body: bool) -> None:
        if (repository := self._repository(name)) is None:
            return None
        known = repository.find(revision)
        if known is None:
            return self._error(404, "RevisionNotFound", f"Invalid rev id: {revision}")
        data = repository.revisions[known].get(file)
        if data is None:
            return self._error(404, "EntryNotFound", "Entry not found")
        if file in self.state.change:
            data = data[:-1] + bytes([data[-1] ^ 1])
        start = 0
        if found := re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", "")):
            start = int(found[1])
        body = data[start:]
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("ETag", f'"{hashlib.sha256(data).hexdigest()}"')
        self.send_header("X-Repo-Commit", repository.commit(known))
        self.end_headers()
        if with_body:
            limit = self.state.cut.get(file) if self.state.cut_always else self.state.cut.pop(file, None)
            if limit is not None and limit < len(body):
                self.wfile.write(body[:limit])
                self.wfile.flush()
                self.close_connection = True
                self.connection.close()
                return None
            self.wfile.write(body)
        return None

    def _json(self, value: Any) -> None:
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _error(self, status: int, code: str, message: str) -> None:
        body = json.dumps({"error": message}).encode()
        self.send_response(status)
        if code:
            self.send_header("X-Error-Code", code)
        self.send_header("X-Error-Message", message)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def _sibling(name: str, data: bytes) -> dict[str, Any]:
    blob = hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()
    entry: dict[str, Any] = {"rfilename": name, "size": len(data), "blobId": blob}
    if name.endswith((".safetensors", ".bin", ".spm", ".model")):
        entry["lfs"] = {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data), "pointerSize": 134}
    return entry
