"""A fitted model as arrays and plain JSON, with a checksum; nothing is ever unpickled."""

import hashlib
import io
import json
import zipfile
from dataclasses import fields
from typing import Any

import numpy as np

from matching.engine.levels import LevelStatistics
from matching.engine.records import People
from matching.engine.similarity import ProfileSimilarity
from matching.engine.textspace import CHANNELS
from matching.text import Lexicon

FORMAT = 1
_ARRAYS = ("mean", "spread", "trust", "coverage", "rarity")


class DamagedModel(ValueError):
    """The bytes are not a model of this format, or not those that the checksum was made of."""


def freeze(model: ProfileSimilarity) -> tuple[bytes, str]:
    """Return the frozen statistics as bytes (npz with a JSON header) and their SHA-256.

    The same model gives the same bytes. Rows of people are not part of it: they are rebuilt
    from data by `thaw`.
    """
    stats = model.statistics_
    arrays: dict[str, Any] = {name: getattr(stats, name) for name in _ARRAYS}
    arrays["scales"] = model.scales_
    header: dict[str, Any] = {
        "format": FORMAT,
        "params": {k: v for k, v in model.get_params().items() if k != "lexicon"},
        "inflation": stats.inflation,
        "people": stats.people,
        "lexicon": _pack_lexicon(model.lexicon or Lexicon()),
        "vocabulary": {},
    }
    for name in CHANNELS:
        channel = model.text_space_.channels[name]
        arrays[f"idf_{name}"] = channel.idf
        header["vocabulary"][name] = list(channel.vocabulary)
    text = json.dumps(header, ensure_ascii=False, sort_keys=True).encode()
    arrays["header"] = np.frombuffer(text, np.uint8)
    data = _write(arrays)
    return data, hashlib.sha256(data).hexdigest()


def thaw(data: bytes, checksum: str, people: People) -> ProfileSimilarity:
    """Return the frozen model with rows for these people.

    Raises: DamagedModel when the checksum or the format does not fit.
    """
    if hashlib.sha256(data).hexdigest() != checksum:
        raise DamagedModel("the checksum does not fit the model")
    arrays, header = _read(data)
    model = ProfileSimilarity(lexicon=_unpack_lexicon(header["lexicon"]), **header["params"])
    known = {name: arrays[name] for name in _ARRAYS}
    stats = LevelStatistics(inflation=header["inflation"], people=header["people"], **known)
    if {f.name for f in fields(stats)} != {*_ARRAYS, "inflation", "people"}:
        raise DamagedModel("the statistics are of another version")
    idf = {name: arrays[f"idf_{name}"] for name in CHANNELS}
    model.restore(stats, header["vocabulary"], idf, arrays["scales"], people)
    return model


def _write(arrays: dict[str, Any]) -> bytes:
    # Written by hand with a fixed date, since numpy.savez stamps the time into the archive.
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(arrays):
            member = io.BytesIO()
            np.lib.format.write_array(member, np.ascontiguousarray(arrays[name]))
            entry = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, member.getvalue())
    return buffer.getvalue()


def _read(data: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
        header = json.loads(arrays["header"].tobytes())
    except (ValueError, KeyError, EOFError, OSError, zipfile.BadZipFile) as error:
        raise DamagedModel("this is not a stored model") from error
    if header.get("format") != FORMAT:
        raise DamagedModel("the model is of another format")
    return arrays, header


def _pack_lexicon(lexicon: Lexicon) -> dict[str, Any]:
    phrases = {
        language: sorted([list(key), list(names)] for key, names in table.items())
        for language, table in lexicon.phrases.items()
    }
    short = sorted([list(key), list(full)] for key, full in lexicon.abbreviations.items())
    return {"phrases": phrases, "abbreviations": short}


def _unpack_lexicon(packed: dict[str, Any]) -> Lexicon:
    phrases = {
        language: {tuple(key): tuple(names) for key, names in table}
        for language, table in packed["phrases"].items()
    }
    return Lexicon(phrases, {tuple(key): tuple(full) for key, full in packed["abbreviations"]})
