"""``vocmine issues``."""

import json

import numpy as np
import pandas as pd
import pytest
from rich.console import Console
from typer.testing import CliRunner

from tests.signals.by_hand import analysed
from vocmine.cli import app
from vocmine.cli.issues import _overview
from vocmine.errors import InputError
from vocmine.issues import Alerts

FIRST, DAYS, ONSET = pd.Timestamp("2026-01-05"), 130, 120


def rows(until=DAYS):
    """Five e-mails and five calls a day; twelve e-mails more from day 120 on."""
    rng = np.random.default_rng(0)
    return [
        {"id": f"{channel}{day}-{rank}", "date": f"{FIRST + pd.Timedelta(days=day):%Y-%m-%d} 10:00", "canal": channel}
        | {"texte": "Ma box est en panne." if rank > 12 else "Je ne comprends pas ma facture.", "locuteur": "client"}
        for day in range(until)
        for channel in ("email", "appel")
        for rank in range(rng.poisson(5) + (12 if channel == "email" and day >= ONSET else 0))
    ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return analysed(rows()).save(tmp_path_factory.mktemp("analysis"))


def run(*arguments):
    return CliRunner().invoke(app, ["issues", *map(str, arguments)])


def test_writes_alerts_and_page(folder, tmp_path):
    done = run(folder, "--out", tmp_path, "--by", "channel", "--false-alerts-per-week", 0.05)
    assert done.exit_code == 0, done.output
    table = pd.read_csv(tmp_path / "alerts.csv")
    assert table["label"].str.contains("email").any()
    assert (pd.to_datetime(table["raised"]) >= FIRST + pd.Timedelta(days=ONSET)).all()
    assert len(Alerts.load(tmp_path / "alerts")) == len(table)
    (open_one,) = table[table["status"] != "closed"].to_dict("records")
    assert f"{open_one['label']}: {open_one['observed']} contacts since {open_one['onset']}" in " ".join(
        done.output.split()
    )
    assert 'id="issues"' in (tmp_path / "voc.html").read_text(encoding="utf-8")


def test_json_and_crossings(folder, tmp_path):
    done = run(folder, "--out", tmp_path, "--by", "channel", "--by", "channel*language", "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.output)["alerts"][0]["observed"] > 12


def test_goes_on_from_one_day_to_the_next(tmp_path):
    whole = rows()
    known = [row for row in whole if row["date"] < f"{FIRST + pd.Timedelta(days=ONSET):%Y-%m-%d}"]
    state = tmp_path / "state"
    options = ("--state", state, "--false-alerts-per-week", 0.05)
    first = run(analysed(known).save(tmp_path / "known"), "--out", tmp_path / "a", "--by", "channel", *options)
    assert first.exit_code == 0, first.output
    assert pd.read_csv(tmp_path / "a" / "alerts.csv").empty
    rest = [row for row in whole if row not in known]
    done = run(analysed(rest).save(tmp_path / "rest"), "--out", tmp_path / "b", *options)
    assert done.exit_code == 0, done.output
    assert len(pd.read_csv(tmp_path / "b" / "alerts.csv")) >= 1
    refused = run(tmp_path / "rest", "--out", tmp_path / "c", "--by", "channel*language", *options)
    assert isinstance(refused.exception, InputError)
    assert "counts by channel, got --by channel*language" in str(refused.exception)
    assert run(tmp_path / "rest", "--out", tmp_path / "c", "--by", "channel", *options).exit_code == 0


def test_a_back_test_needs_no_state(folder, tmp_path):
    done = run(folder, "--out", tmp_path, "--by", "channel", "--backtest")
    assert done.exit_code == 0, done.output
    refused = run(folder, "--out", tmp_path, "--by", "channel", "--backtest", "--state", tmp_path / "state")
    assert isinstance(refused.exception, InputError)


def test_exposure_is_read(folder, tmp_path):
    orders = pd.DataFrame({"jour": pd.date_range(FIRST, periods=DAYS), "commandes": 100})
    orders.loc[ONSET:, "commandes"] = 1_000  # ten times the orders: so many contacts are to be expected
    orders.to_csv(tmp_path / "orders.csv", index=False)
    done = run(folder, "--out", tmp_path, "--by", "channel", "--no-themes", "--exposure", tmp_path / "orders.csv")
    assert done.exit_code == 0, done.output
    assert pd.read_csv(tmp_path / "alerts.csv").empty


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--exposure", "jour,commandes\nhier,3\n", "cannot be read"),
        ("--missing", "hier", "expected a day"),
        ("--by", "humeur", "no column 'humeur'"),
        ("--country", "XX", "no holidays are known"),
        ("--grain", "minute", "expected one of"),
    ],
)
def test_what_cannot_be_done_says_so(folder, tmp_path, option, value, message):
    if option == "--exposure":
        (tmp_path / "orders.csv").write_text(value)
        value = tmp_path / "orders.csv"
    done = run(folder, "--out", tmp_path, *(() if option == "--by" else ("--by", "channel")), option, value)
    assert isinstance(done.exception, InputError)
    assert message in str(done.exception)


def test_labels_are_no_markup():
    row = {"label": "[red]box[/red]", "status": "new", "severity": 1, "onset": "2026-01-01", "raised": "2026-01-02"}
    console = Console(record=True, width=200)
    console.print(_overview(pd.DataFrame([row | {"observed": 3, "expected": 1.0}])))
    assert "[red]box[/red]" in console.export_text()
