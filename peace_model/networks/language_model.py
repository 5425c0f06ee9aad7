"""One question to a language model over HTTP, for people who have a key; nothing else in the project calls it."""

import http.client
import json
import os
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

TIMEOUT_S = 180.0
MAX_REPLY_BYTES = 4_000_000
LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")


class LanguageModelError(Exception):
    """No usable answer from a language model; str() says which provider, why, and what to do. Holds no key."""


@dataclass(frozen=True)
class Provider:
    """How one kind of API is asked. path: after the base address, with the model's name in place of {model}.

    key_header: makes the header that carries the key. ask: model and prompt -> body. answer: reply -> text.
    """

    name: str
    key_variable: str
    base_url: str
    model: str | None
    path: str
    key_header: Callable[[str], tuple[str, str]]
    ask: Callable[[str, str], dict[str, Any]]
    answer: Callable[[Any], str]


GEMINI = Provider(
    "gemini", "GEMINI_API_KEY", "https://generativelanguage.googleapis.com/v1beta", "gemini-2.5-pro",
    "/models/{model}:generateContent",
    key_header=lambda key: ("x-goog-api-key", key),
    ask=lambda model, prompt: {
        "contents": [{"role": "user", "parts": [{"text": prompt}]}],
        "generationConfig": {"temperature": 0, "responseMimeType": "application/json"}},
    answer=lambda reply: "".join(part["text"] for part in reply["candidates"][0]["content"]["parts"]
                                 if not part.get("thought")))
OPENAI = Provider(
    "openai", "OPENAI_API_KEY", "https://api.openai.com/v1", None, "/chat/completions",
    key_header=lambda key: ("Authorization", f"Bearer {key}"),
    ask=lambda model, prompt: {
        "model": model, "messages": [{"role": "user", "content": prompt}],
        "response_format": {"type": "json_object"}},
    answer=lambda reply: reply["choices"][0]["message"]["content"])
PROVIDERS = {provider.name: provider for provider in (GEMINI, OPENAI)}
"""Gemini wrote the paper's descriptors; the other form is spoken by many servers, also ones that run locally."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the key to another host."""

    def redirect_request(self, *arguments: Any, **named: Any) -> None:
        return None


def ask(
    provider: Provider, prompt: str, *, model: str | None = None, base_url: str | None = None,
    timeout_s: float = TIMEOUT_S,
) -> str:
    """The model's answer as text. The key is read from the provider's environment variable and from nowhere else."""
    base, model = base_url or provider.base_url, model or provider.model
    if model is None:
        raise LanguageModelError(f"{provider.name}: name the model to ask with --model")
    _refuse_open_lines(provider, base)
    key = os.environ.get(provider.key_variable, "").strip()
    if not key:
        raise LanguageModelError(f"{provider.name}: put your key into the environment variable {provider.key_variable}")
    header, value = provider.key_header(key)
    request = urllib.request.Request(
        base.rstrip("/") + provider.path.format(model=urllib.parse.quote(model, safe="")),
        data=json.dumps(provider.ask(model, prompt)).encode(),
        headers={"Content-Type": "application/json", header: value})
    try:
        with urllib.request.build_opener(_NoRedirect).open(request, timeout=timeout_s) as response:
            content = response.read(MAX_REPLY_BYTES + 1)
    except urllib.error.HTTPError as error:
        with error:
            said = error.read(2000).decode("utf-8", "replace")
        raise LanguageModelError(_without(key, f"{provider.name} answered {error.code}: {_in_short(said)}")) from None
    except (OSError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", error)
        raise LanguageModelError(
            f"{provider.name}: no answer from {urllib.parse.urlsplit(base).netloc} within {timeout_s:g} s ({reason})"
        ) from error
    if len(content) > MAX_REPLY_BYTES:
        raise LanguageModelError(f"{provider.name}: the answer is larger than {MAX_REPLY_BYTES} bytes")
    try:
        return provider.answer(json.loads(content))
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise LanguageModelError(_without(key, f"{provider.name}: the answer has not the form expected of this API: "
                                               f"{_in_short(content.decode('utf-8', 'replace'))}")) from error


def _refuse_open_lines(provider: Provider, base: str) -> None:
    address = urllib.parse.urlsplit(base)
    if address.scheme == "https" or (address.scheme == "http" and address.hostname in LOCAL_HOSTS):
        return
    raise LanguageModelError(f"{provider.name}: {base} would carry the key unprotected; give an https address")


def _in_short(text: str) -> str:
    return " ".join(text.split())[:300]


def _without(key: str, text: str) -> str:
    return text.replace(key, "***")
