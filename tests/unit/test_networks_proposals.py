"""Descriptors from a language model: asked only by name and key, written apart, refused until somebody signs them."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch", reason="needs the extra 'train'")

from peace_model.__main__ import main
from peace_model.networks import language_model
from peace_model.networks.descriptor_bank import (
    AXES,
    DescriptorError,
    load_bank,
    read_texts,
    shipped_descriptors,
)
from peace_model.networks.descriptor_proposal import prompt_for, read_answer
from peace_model.networks.language_model import GEMINI, OPENAI, LanguageModelError, ask

KEY = "key-of-the-test"
CODES = tuple(read_texts(shipped_descriptors()))


class Server(HTTPServer):
    """Answers every request alike and remembers what it was asked."""

    status = 200
    reply: bytes = b"{}"
    location: str | None = None

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, dict[str, str], Any]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.path, dict(self.headers), json.loads(body)))
        self.send_response(self.server.status)
        if self.server.location is not None:
            self.send_header("Location", self.server.location)
        self.send_header("Content-Length", str(len(self.server.reply)))
        self.end_headers()
        self.wfile.write(self.server.reply)

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GEMINI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    made = Server()
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


def sentences(codes: tuple[str, ...] = CODES) -> str:
    return json.dumps({"labels": {
        code: {axis: f"What is seen of {code} on the axis {axis}." for axis in AXES} for code in codes}})


def gemini(text: str) -> bytes:
    return json.dumps({"candidates": [{"content": {"parts": [{"text": text[:50]}, {"text": text[50:]}]}}]}).encode()


def openai(text: str) -> bytes:
    return json.dumps({"choices": [{"message": {"content": text}}]}).encode()


def describe(*arguments: object) -> int:
    return main(["describe", *map(str, arguments)])


def test_gemini_is_asked_as_its_api_expects(server: Server) -> None:
    server.reply = gemini(sentences())
    assert ask(GEMINI, "a prompt", model="some-model", base_url=server.url) == sentences()
    (path, headers, body), = server.asked
    assert path == "/models/some-model:generateContent"
    assert {name.lower(): value for name, value in headers.items()}["x-goog-api-key"] == KEY
    assert KEY not in path
    assert body["contents"][0]["parts"][0]["text"] == "a prompt"


def test_servers_of_the_other_form_are_asked_as_they_expect(server: Server) -> None:
    server.reply = openai("yes")
    assert ask(OPENAI, "a prompt", model="m", base_url=f"{server.url}/v1/") == "yes"
    (path, headers, body), = server.asked
    assert path == "/v1/chat/completions"
    assert headers["Authorization"] == f"Bearer {KEY}"
    assert body["model"] == "m"
    assert body["messages"] == [{"role": "user", "content": "a prompt"}]


def test_a_proposal_is_used_only_after_a_named_review(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server.reply, out = gemini(f"```json\n{sentences()}\n```"), tmp_path / "mine.json"
    assert describe("--provider", "gemini", "--url", server.url, "--out", out) == 0
    asked = server.asked[0][2]["contents"][0]["parts"][0]["text"]
    assert "RVH: right ventricular hypertrophy" in asked
    written = json.loads(out.read_text(encoding="utf-8"))
    assert written["status"] == "unreviewed proposal"
    assert written["proposed_by"]["model"] == GEMINI.model
    assert len(written["proposed_by"]["prompt_sha256"]) == 64
    assert KEY not in out.read_text(encoding="utf-8")
    assert tuple(written["labels"]) == CODES
    capsys.readouterr()
    for refused in ((lambda: load_bank(CODES, out)), (lambda: read_texts(out))):
        with pytest.raises(DescriptorError, match="nobody has reviewed"):
            refused()
    assert describe("--embed", "--file", out) == 1
    assert "describe --accept mine.json --reviewer NAME" in capsys.readouterr().err

    assert describe("--accept", out, "--reviewer", " Dr. A. Reader ") == 0
    accepted = json.loads(out.read_text(encoding="utf-8"))
    assert accepted["status"] == "reviewed proposal"
    assert accepted["review"]["reviewer"] == "Dr. A. Reader"
    assert read_texts(out)["WPW"][2] == "What is seen of WPW on the axis morphology."

    accepted["labels"]["WPW"]["rhythm"] = "Something else."
    out.write_text(json.dumps(accepted), encoding="utf-8")
    with pytest.raises(DescriptorError, match="changed since it was reviewed"):
        read_texts(out)
    assert describe("--accept", out, "--reviewer", "B") == 0
    assert read_texts(out)["WPW"][1] == "Something else."


def test_wrong_usage_asks_nobody(server: Server, tmp_path: Path) -> None:
    (tmp_path / "there.json").write_text("{}", encoding="utf-8")
    for arguments in (
        (), ("--embed", "--provider", "gemini"), ("--provider", "gemini"), ("--provider", "elsewhere"),
        ("--provider", "gemini", "--url", server.url, "--out", tmp_path / "there.json"),
        ("--provider", "openai", "--url", server.url, "--out", tmp_path / "new.json"),
        ("--accept", tmp_path / "there.json"),
    ):
        with pytest.raises(SystemExit) as ended:
            describe(*arguments)
        assert ended.value.code == 2
    assert server.asked == []


def test_only_proposals_are_accepted_and_only_by_somebody(tmp_path: Path) -> None:
    copied = tmp_path / "own.json"
    copied.write_bytes(shipped_descriptors().read_bytes())
    assert describe("--accept", copied, "--reviewer", "A") == 1
    assert describe("--accept", copied, "--reviewer", " ") == 1
    assert copied.read_bytes() == shipped_descriptors().read_bytes()


def test_without_a_key_nothing_is_sent(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GEMINI_API_KEY")
    with pytest.raises(LanguageModelError, match="environment variable GEMINI_API_KEY"):
        ask(GEMINI, "a prompt", base_url=server.url)
    assert server.asked == []


def test_the_key_never_travels_unprotected_or_to_another_host(server: Server) -> None:
    with pytest.raises(LanguageModelError, match="give an https address"):
        ask(GEMINI, "a prompt", base_url="http://example.org/v1")
    server.status, server.location = 302, f"{server.url}/elsewhere"
    with pytest.raises(LanguageModelError, match="gemini answered 302"):
        ask(GEMINI, "a prompt", base_url=server.url)
    assert len(server.asked) == 1


def test_refusals_are_repeated_in_short_and_without_the_key(server: Server) -> None:
    server.status, server.reply = 403, f"the key {KEY} is not valid {'x' * 5000}".encode()
    with pytest.raises(LanguageModelError, match=r"gemini answered 403: the key \*\*\* is not valid") as refused:
        ask(GEMINI, "a prompt", base_url=server.url)
    assert len(str(refused.value)) < 400


@pytest.mark.parametrize("reply", [b"<html>", b"[]", b'{"candidates": []}', b'{"candidates": [{"content": null}]}'])
def test_answers_of_another_form_are_named(server: Server, reply: bytes) -> None:
    server.reply = reply
    with pytest.raises(LanguageModelError, match="not the form expected"):
        ask(GEMINI, "a prompt", base_url=server.url)


def test_too_large_answers_and_dead_servers(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language_model, "MAX_REPLY_BYTES", 100)
    server.reply = gemini("x" * 200)
    with pytest.raises(LanguageModelError, match="larger than 100 bytes"):
        ask(GEMINI, "a prompt", base_url=server.url)
    with pytest.raises(LanguageModelError, match=r"no answer from 127\.0\.0\.1:9 within 5 s"):
        ask(GEMINI, "a prompt", base_url="http://127.0.0.1:9", timeout_s=5)


@pytest.mark.parametrize(("text", "message"), [
    ("Here you are", "did not answer in JSON"), ("{}", "lacks 'labels'"),
    ('{"labels": {"NORM": {}}}', "lacks 'rhythm'"),
    ('{"labels": {"NORM": {"rhythm": "", "morphology": "a", "st_t": "b"}}}', "no sentence for NORM, rhythm"),
    (sentences(("NORM", "WPW")), "nobody asked for: WPW"), ('{"labels": []}', "lacks")])
def test_incomplete_answers_are_refused(text: str, message: str) -> None:
    with pytest.raises(DescriptorError, match=message):
        read_answer(text, ("NORM",))


def test_the_prompt_lists_the_labels_once() -> None:
    with pytest.raises(DescriptorError, match="exactly once"):
        prompt_for({"NORM": "normal"}, "Describe everything.")
    assert prompt_for({"NORM": "normal"}, 'For {labels}: {"x": 1}') == 'For NORM: normal: {"x": 1}'
