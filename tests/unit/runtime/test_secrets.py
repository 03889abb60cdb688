"""Secrets go to the server and nowhere else."""

from __future__ import annotations

import copy
import logging
import pickle

import pytest
from pydantic import SecretStr, TypeAdapter

from oasmith.runtime.bodies import Unwritable, write_json
from oasmith.runtime.secrets import Reveal
from unit.runtime.api import Red, Settings1

SECRET = "sk-very-secret"


def model() -> Red:
    return Red(service_settings=Settings1(model_id="m", api_key=SECRET))


def wire(value: Red) -> bytes:
    return write_json(value, TypeAdapter(Red), Reveal())


def test_nothing_shows_a_secret_but_the_wire(caplog: pytest.LogCaptureFixture) -> None:
    value = model()
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("test").debug("%s %r", value, value)
    shown = (
        f"{value} {value!r} {value.model_dump()} {value.model_dump(mode='json')} "
        f"{value.model_dump_json()} {caplog.text} {value.service_settings.api_key}"
    )
    assert SECRET not in shown
    assert SECRET.encode() not in pickle.dumps(value)
    assert wire(value) == (
        b'{"service":"red","service_settings":{"model_id":"m","api_key":"sk-very-secret"}}'
    )


def test_a_secret_is_a_secret_str() -> None:
    for given in (SECRET, SecretStr(SECRET)):
        held = Settings1(model_id="m", api_key=given).api_key
        assert isinstance(held, SecretStr)
        assert held.get_secret_value() == SECRET
        assert repr(held) == "SecretStr('**********')"


def test_copies_keep_the_secret() -> None:
    for value in (copy.deepcopy(model()), copy.copy(model()), model().model_copy(deep=True)):
        assert SECRET.encode() in wire(value)


def test_a_pickle_leaves_the_secret_behind_and_sending_says_so() -> None:
    value = pickle.loads(pickle.dumps(pickle.loads(pickle.dumps(model()))))
    with pytest.raises(Unwritable) as caught:
        wire(value)
    assert [str(problem) for problem in caught.value.problems] == [
        "service_settings.api_key: the secret was left out when this was pickled; set it again"
    ]


def test_a_reference_is_resolved_when_it_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    value = Red(service_settings=Settings1(model_id="m", api_key="env:THE_KEY"))
    value = pickle.loads(pickle.dumps(value))
    for state in ("not set", "empty"):
        with pytest.raises(Unwritable) as caught:
            wire(value)
        assert [str(problem) for problem in caught.value.problems] == [
            f"service_settings.api_key: the environment variable THE_KEY is {state}"
        ]
        monkeypatch.setenv("THE_KEY", "")
    monkeypatch.setenv("THE_KEY", SECRET)
    context = Reveal()
    assert b'"api_key":"sk-very-secret"' in write_json(value, TypeAdapter(Red), context)
    assert context.values == [SECRET]


def test_what_only_looks_like_a_reference_is_sent_as_it_is() -> None:
    value = Red(service_settings=Settings1(model_id="m", api_key="env:not a name"))
    assert b'"api_key":"env:not a name"' in wire(value)
