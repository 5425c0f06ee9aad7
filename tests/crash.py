"""Kills the application's library in the middle of its work, at random moments, and looks at what is left.

    python tests/crash.py --kills 200 [--seed N]

A child process works on a library and prints a line after each commit; the parent kills it (SIGKILL, or its Windows
equal) and opens the library again. Whatever was acknowledged must be there, `verify` must find nothing, and the library
must be ready for work. Of six kills one falls into imports, one into a migration, one into the locks of a study and one
into an encrypted library, the others into drafts and signatures. A kill of the process is not a loss of power: the
operating system still writes what it was given.
"""

import argparse
import itertools
import json
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from library_cases import BUNDLE, LIBRARY_WORDS, VERSION, encrypted_at, listed, make_recording, open_at
from study_cases import drafted, protocol, surrounding

from peace_desktop.library.at_rest import PLAIN
from peace_desktop.library.canonical import reading_document, sha256_of
from peace_desktop.library.engine import open_library
from peace_desktop.library.key_file import with_passphrase
from peace_desktop.library.repository import Library
from peace_desktop.library.schema import SCHEMA, Schema, revision_of
from peace_desktop.library.study_room import StudyRoom
from peace_desktop.review.assignment import assign
from peace_desktop.review.blind_reading import lock, reveal
from peace_desktop.review.measurement_edits import edit_in
from peace_desktop.review.reading import (
    SIGNED_STATES,
    Reading,
    amend,
    new_draft,
    sign,
    with_comment,
    with_confidence,
    with_statement,
)
from peace_desktop.review.statements import Presence, agree, disagree
from peace_desktop.review.study import StudyRecording
from peace_model.ecg.boundaries import Boundaries

HERE = Path(__file__).resolve().parent
NEXT = Schema((*SCHEMA.revisions, "next"), (*SCHEMA.folders, HERE / "library_next_schema"))
LABELS = ("RVH", "LVH", "WPW", "LQTS")
AUTOMATIC = Boundaries(-150.0, -70.0, -36.0, 40.0, 120.0, 300.0)


def acknowledge(kind: str, subject: str, revision: int = 0, sha256: str = "") -> None:
    """One line, written only after the commit it speaks of."""
    print(json.dumps([kind, subject, revision, sha256]), flush=True)


def read_and_sign(folder: Path, chance: random.Random) -> None:
    """Drafts, edited measurements, signatures and amendments without end, each step saved and acknowledged."""
    library = open_at(folder)
    hashes = [row.sha256 for row in listed(library)]
    acknowledge("ready", "")
    for turn in itertools.count():
        reader = f"Dr {turn}-{chance.random()}"
        reading = new_draft(chance.choice(hashes), reader, bundle_sha256=BUNDLE)
        for amendment in range(chance.randint(1, 3)):
            for label in chance.sample(LABELS, chance.randint(1, 4)):
                answer = chance.choice([agree, disagree])
                reading = with_statement(reading, answer(label, chance.random() < 0.5, BUNDLE))
                saved(library.save_reading(with_comment(reading, f"{label} {chance.random()}")))
                reading = library.save_reading(with_confidence(with_comment(reading, label), chance.randint(1, 5)))
                saved(reading)
                edit = edit_in(reading, chance.choice([AUTOMATIC, None]), automatic=AUTOMATIC, at=datetime.now(UTC))
                library.add_measurement_edit(edit)
                acknowledge("edit", edit.edit_id)
            final = sign(reading, reader=reader, meaning="read" if amendment == 0 else "amended", at=datetime.now(UTC))
            saved(library.sign_reading(final))
            reading = amend(final, reason="looked again")


def saved(reading: Reading) -> None:
    acknowledge("reading", reading.reading_id, reading.revision, sha256_of(reading_document(reading)))


def bring_in(folder: Path, chance: random.Random) -> None:
    """Imports recordings without end."""
    library = open_at(folder)
    source = folder.parent / "source"
    acknowledge("ready", "")
    while True:
        recording = make_recording(source, seed=chance.randrange(99_999), n_samples=5_000)
        library.add_recording(recording, origin_path_name="x")
        acknowledge("recording", recording.source.sha256)


def migrate(folder: Path, _chance: random.Random) -> None:
    """One migration to a later schema."""
    from alembic import command  # noqa: F401 - so that the kill falls into the migration and not into loading Alembic

    acknowledge("ready", "")
    open_library(folder, application_version=VERSION, schema=NEXT)
    acknowledge("migrated", "")
    threading.Event().wait()


def lock_blind(folder: Path, chance: random.Random) -> None:
    """Studies without end: each made, read blind, locked, revealed and signed, each step acknowledged."""
    library = open_at(folder)
    room, hashes = StudyRoom(library), [row.sha256 for row in listed(library)]
    acknowledge("ready", "")
    while True:
        study = protocol(study_id=uuid4().hex, readers=("Dr A",), readers_per_recording=1)
        held = chance.sample(hashes, 3)
        room.create(study, [StudyRecording(sha256) for sha256 in held], assign(study, held))
        acknowledge("study", study.study_id)
        for sha256 in held:
            draft = drafted(sha256, "Dr A", {label: chance.choice(list(Presence)) for label in study.labels}, study)
            saved(library.save_reading(draft))
            answered = room.lock(lock(draft, study.labels, at=datetime.now(UTC)), surrounding(draft))
            saved(answered)
            shown = room.reveal(reveal(answered, bundle_sha256=BUNDLE))
            saved(shown)
            saved(library.sign_reading(sign(shown, reader="Dr A", meaning="read", at=datetime.now(UTC)),
                                       surrounding(shown, "signed")))


WORK: dict[str, Callable[[Path, random.Random], None]] = {
    "read": read_and_sign, "import": bring_in, "migrate": migrate, "study": lock_blind}


def kill_once(work: str, folder: Path, chance: random.Random) -> list[list[str | int]]:
    """Starts the work, kills it at a random moment after it said it was ready; returns what it acknowledged."""
    child = subprocess.Popen(
        [sys.executable, str(HERE / "crash.py"), "--work", work, "--folder", str(folder), "--seed",
         str(chance.randrange(1 << 30))], stdout=subprocess.PIPE, text=True, encoding="utf-8")
    assert child.stdout is not None
    ready = child.stdout.readline()
    time.sleep(chance.uniform(0.0, 0.06 if work == "migrate" else 0.4))
    child.kill()
    rest, _ = child.communicate()
    if json.loads(ready or "[0]")[0] != "ready":
        raise AssertionError(f"the {work} process did not start")
    # The last line may have been cut by the kill; then it was not acknowledged.
    lines = [line for line in rest.splitlines(keepends=True) if line.endswith("\n")]
    return [json.loads(line) for line in lines]


def losses(library: Library, acknowledged: list[list[str | int]]) -> list[str]:
    """What was acknowledged and is not there, and what verify finds."""
    lost = [f"verify: {problem}" for problem in library.verify().problems]
    known = {row.sha256 for row in listed(library)}
    lost += [f"recording {item[1]}" for item in acknowledged if item[0] == "recording" and item[1] not in known]
    edits = {edit.edit_id for sha256 in known for edit in library.measurement_edits(sha256)}
    lost += [f"edit {item[1]}" for item in acknowledged if item[0] == "edit" and item[1] not in edits]
    for _, subject, revision, sha256 in (item for item in acknowledged if item[0] == "reading"):
        reading = library.reading(str(subject))
        if reading is None or reading.revision < int(revision):
            lost.append(f"reading {subject} revision {revision}")
        elif reading.revision == revision and sha256_of(reading_document(reading)) != sha256:
            lost.append(f"content of reading {subject} revision {revision}")
    return lost


def still_works(library: Library) -> None:
    """A draft and a signature after the crash."""
    sha256 = listed(library)[0].sha256
    reader = f"after {time.time_ns()}"
    draft = library.save_reading(with_comment(new_draft(sha256, reader), "normal"))
    final = library.sign_reading(sign(draft, reader=reader, meaning="read", at=datetime.now(UTC)))
    if library.reading_for(sha256, reader) != final or final.state not in SIGNED_STATES:
        raise AssertionError("the library does not keep a signature after the crash")


def kill_many(
        kills: int, place: Path, *, seed: int, report: Callable[[str], None] = lambda _text: None) -> Counter[str]:
    """Kills `kills` times; returns what was seen. Raises AssertionError with what was lost."""
    chance = random.Random(seed)
    seen: Counter[str] = Counter()
    folder, fresh = place / "library", place / "fresh"
    with open_at(fresh) as library:
        for number in range(1, 41):
            recording = make_recording(place / "source", seed=100_000 + number)
            library.add_recording(recording, origin_path_name="x")
    shutil.copytree(fresh, folder)
    sealed = place / "sealed"
    with encrypted_at(sealed) as library:
        for number in range(1, 6):
            recording = make_recording(place / "source", seed=100_000 + number)
            library.add_recording(recording, origin_path_name="x")
    for number in range(kills):
        work = {2: "study", 3: "import", 4: "migrate"}.get(number % 6, "read")
        # Drafts, locks and signatures go on in one library through every crash; the others start from a fresh one.
        lasting = sealed if number % 6 == 5 else folder
        target = lasting if work in ("read", "study") else shutil.copytree(fresh, place / f"{work}-{number}")
        if target is sealed:
            seen["killed while encrypted"] += 1
        acknowledged = kill_once(work, target, chance)
        schema = NEXT if work == "migrate" else SCHEMA
        if work == "migrate":
            seen[f"found after the kill: schema {revision_of(target / 'library.sqlite', PLAIN)}"] += 1
        with open_library(target, application_version=VERSION, schema=schema,
                          unlock=with_passphrase(LIBRARY_WORDS)) as library:
            lost = losses(library, acknowledged)
            if lost:
                raise AssertionError(f"kill {number + 1} ({work}, seed {seed}): " + "; ".join(lost))
            still_works(library)
            lost = [f"verify: {problem}" for problem in library.verify().problems]
            if lost:
                raise AssertionError(f"after kill {number + 1} ({work}, seed {seed}): " + "; ".join(lost))
        seen[f"killed while: {work}"] += 1
        for kind, *_ in acknowledged:
            seen[f"acknowledged: {kind}"] += 1
        if target not in (folder, sealed):
            shutil.rmtree(target)
        report(f"{number + 1} of {kills}: {work}")
    return seen


def main() -> int:
    parser = argparse.ArgumentParser(prog="python tests/crash.py", description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--work", choices=WORK, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.work:
        WORK[given.work](given.folder, random.Random(given.seed))
        return 0
    seed = given.seed if given.seed is not None else time.time_ns() % (1 << 30)
    print(f"{given.kills} kills, seed {seed}", flush=True)
    with tempfile.TemporaryDirectory() as place:
        seen = kill_many(given.kills, Path(place), seed=seed, report=lambda text: print(text, flush=True))
        for what, count in sorted(seen.items()):
            print(f"{count:6d} {what}")
    print("nothing that was acknowledged was lost")
    return 0


if __name__ == "__main__":
    sys.exit(main())
