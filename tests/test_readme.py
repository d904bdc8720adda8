"""The README's code runs as it stands."""

import re
from pathlib import Path

import pandas as pd

from tests.inference.tiny_huggingface import write_classifier

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def test_its_python_runs(tmp_path, monkeypatch):
    frame = pd.DataFrame(
        {
            "id": ["A1", "A2"],
            "client": ["P1", "P2"],
            "date": ["03/04/2026 09:12", "25/04/2026 18:40"],
            "canal": ["mail", "tel"],
            "message": ["Toujours pas remboursé, c’est inadmissible !", "Merci beaucoup, conseillère très aimable."],
        }
    )
    (tmp_path / "exports").mkdir()
    frame.to_csv(tmp_path / "exports" / "avril.csv", index=False)
    frame.to_parquet(tmp_path / "contacts.parquet", index=False)
    monkeypatch.chdir(tmp_path)
    write_classifier(tmp_path / "path" / "to" / "camembert", "camembert", ("LABEL_0", "LABEL_1"))
    reviews = [("Service parfait, merci.", "positive"), ("Quelle honte.", "negative"), ("À quelle heure ?", "neutral")]
    pd.DataFrame(reviews * 4, columns=["text", "label"]).to_csv(tmp_path / "reviews.csv", index=False)
    texts, labels = (
        list(column)
        for column in zip(*[(f"{text} {n}", label) for n in range(4) for text, label in reviews], strict=True)
    )
    names = {"df": frame, "texts": texts, "labels": labels}
    for block in re.findall(r"```python\n(.*?)```", README, re.DOTALL):
        exec(block, names)
    assert names["analysis"].contacts["sentiment"].tolist() == ["negative", "positive"]
    assert len(names["corpus"]) == 2
    assert (tmp_path / "scored" / "manifest.json").exists()
    assert (tmp_path / "voc.html").exists()
    assert names["stream"].contacts["sentiment"].tolist() == ["negative", "positive"]


def test_the_columns_it_names_are_there():
    from vocmine.schema import CONTACT_SCORES, TURN_SCORES

    table = README.split("## What comes out")[1].split("##")[0]
    named = {
        name
        for line in table.splitlines()
        if line.startswith("| `")
        for name in re.findall(r"`(\w+)`", line.split("|")[1])
    }
    assert named
    assert named <= {*CONTACT_SCORES.names, *TURN_SCORES.names}
