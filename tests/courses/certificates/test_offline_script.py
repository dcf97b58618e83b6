"""The script of the static page reads what the server seals (run in Node, whose crypto is the
browser's)."""

import json
import shutil
import subprocess
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from courses.certificates import seal
from courses.certificates.codes import new_code
from courses.certificates.keystore import KeyStore
from tests.courses.certificates.samples import NOW, facts_of
from tests.courses.certificates.test_seal import url_of
from tests.support.parts import missing_part

SCRIPT = Path(__file__).parents[3] / "app/web/static/js/offline-verify.js"
RUN = """
const api = require(process.argv[1]);
const input = JSON.parse(require("fs").readFileSync(0, "utf8"));
(async () => {
  const answers = [];
  for (const item of input.items) {
    answers.push(await api.check(item.text, input.keys, item.list, new Date(item.now)));
  }
  console.log(JSON.stringify(answers));
})();
"""


def ask(store: KeyStore, *items: dict[str, Any]) -> list[dict[str, Any]]:
    node = shutil.which("node")
    if node is None:
        missing_part("offline script", "Install Node.js 20 or later.")
    content = json.dumps({"keys": store.keyring.jwks(), "items": items})
    done = subprocess.run(
        [node, "-e", RUN, str(SCRIPT)], input=content, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def item(text: str, *, signed_list: str | None = None, now: str = "2026-11-01") -> dict[str, Any]:
    return {"text": text, "list": signed_list, "now": f"{now}T12:00:00Z"}


def test_offline_script_shows_the_printed_fields(store: KeyStore) -> None:
    facts = facts_of(holder="Nguyễn Ölmez, S.Kom.")

    [answer] = ask(store, item(url_of(facts, store)))

    assert answer["state"] == "valid"
    assert answer["fields"]["holder"] == facts.holder
    assert answer["fields"]["number"] == facts.number
    assert answer["fields"]["validUntil"] == "2029-10-11"
    assert answer["fields"]["jp"] == 32


def test_offline_script_knows_expired_revoked_and_replaced(store: KeyStore) -> None:
    revoked, replaced = facts_of(code=new_code()), facts_of(code=new_code())
    signed_list = seal.sign_revocations(
        (
            seal.Withdrawal(revoked.code, "revoked", date(2026, 10, 20)),
            seal.Withdrawal(replaced.code, "replaced", date(2026, 10, 21)),
        ),
        sequence=1,
        issued_at=NOW,
        next_update=NOW + timedelta(days=7),
        key=store.seal_key,
        sign=store.seal,
    )
    texts = [url_of(facts, store) for facts in (revoked, replaced, facts_of())]

    answers = ask(store, *(item(t, signed_list=signed_list) for t in texts))
    late = ask(store, item(texts[2], now="2029-10-11"), item(texts[2], now="2029-10-12"))

    assert [a["state"] for a in answers] == ["revoked", "replaced", "valid"]
    assert answers[0]["since"] == "2026-10-20" and answers[0]["list"]["stale"] is True
    assert [a["state"] for a in late] == ["valid", "expired"]


def test_offline_script_counts_by_a_last_day_that_was_changed_later(store: KeyStore) -> None:
    longer, shorter, endless, revoked = (facts_of(code=new_code()) for _ in range(4))
    signed_list = seal.sign_revocations(
        (seal.Withdrawal(revoked.code, "replaced", date(2030, 1, 2), "800.2/0200/BKPSDM/2030"),),
        (
            seal.NewLastDay(longer.code, date(2031, 12, 31)),
            seal.NewLastDay(shorter.code, date(2027, 1, 31)),
            seal.NewLastDay(endless.code, None),
        ),
        sequence=4,
        issued_at=NOW,
        next_update=NOW + timedelta(days=7),
        key=store.seal_key,
        sign=store.seal,
    )
    all_of_them = (longer, shorter, endless, revoked, facts_of())
    texts = [url_of(facts, store) for facts in all_of_them]

    early = ask(store, *(item(t, signed_list=signed_list, now="2027-01-31") for t in texts))
    late = ask(store, *(item(t, signed_list=signed_list, now="2030-01-03") for t in texts))

    assert [a["state"] for a in early] == ["valid", "valid", "valid", "replaced", "valid"]
    assert [a["state"] for a in late] == ["valid", "expired", "valid", "replaced", "expired"]
    assert [a["validUntil"] for a in late][:3] == ["2031-12-31", "2027-01-31", None]
    assert [a["changed"] for a in late] == [True, True, True, False, False]
    assert late[1]["fields"]["validUntil"] == "2029-10-11"  # as printed and sealed
    assert late[3]["replacedBy"] == "800.2/0200/BKPSDM/2030"
    assert late[0]["list"]["size"] == 4


def test_offline_script_refuses_every_forgery(store: KeyStore, foreign: KeyStore) -> None:
    url = url_of(facts_of(), store)
    changed = url[:-30] + ("0" if url[-30] != "0" else "1") + url[-29:]
    moved = url.replace(facts_of().code, new_code())
    forged_list = seal.sign_revocations(
        (), sequence=9, issued_at=NOW, next_update=NOW, key=store.seal_key, sign=foreign.seal
    )

    answers = ask(
        store,
        item(changed),
        item(moved),
        item(url_of(facts_of(), foreign)),
        item(url[: len(url) // 2]),
        item("https://contoh.go.id/"),
        item(url, signed_list=forged_list),
    )

    states = [a["state"] for a in answers]
    assert states[:3] == ["changed", "changed", "foreign-key"]
    assert set(states[3:5]) <= {"malformed", "changed"} and states[5] == "changed-list"
