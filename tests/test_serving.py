"""A real OpenAI-compatible server, ``transformers serve``, with a tiny chat model behind it."""

import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import checkpoints
from newsbridge.engines import Request
from newsbridge.engines.chat import build


def test_transformers_serve_answers_through_its_real_interface(tmp_path, monkeypatch):
    monkeypatch.setattr("newsbridge.engines.chat.client.MOST", 16)  # the model of this test has nothing to say
    tiny = checkpoints.chat(tmp_path / "tiny")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).with_name("transformers")), "serve", str(tiny), "--port", str(port)]
    log = tiny.parent / "serve.log"
    with log.open("wb") as out:
        process = subprocess.Popen([*command, "--device", "cpu"], stdout=out, stderr=out)
    try:
        _wait(f"http://127.0.0.1:{port}/health", process, log)
        chat = build(model=str(tiny), base_url=f"http://127.0.0.1:{port}/v1", answer_timeout=120)
        said = chat.client.complete([{"role": "user", "content": "Es regnet."}])
        assert isinstance(said, str)
        assert said
        ((one,),) = chat.translate([Request("Die Polizei sucht nach einem Mann.", "de", "en")])
        assert one.engine == "embedded"
        assert "police" in one.text.casefold()
    finally:
        process.terminate()
        process.wait(30)


def _wait(url, process, log):
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()[-2000:]
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.3)
    raise AssertionError(log.read_text()[-2000:])
