"""Execute every notebook in place, from its own folder, and store its output without timings."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbclient import NotebookClient

HERE = Path(__file__).parent


def execute(path: Path) -> nbformat.NotebookNode:
    """Run a notebook from top to bottom; an error in a cell is raised."""
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=600, record_timing=False, resources={"metadata": {"path": str(HERE)}}).execute()
    for cell in notebook.cells:  # warnings name folders of the machine
        if cell.cell_type == "code":
            cell.outputs = [kept for kept in cell.outputs if kept.get("name") != "stderr"]
    notebook.metadata.pop("language_info", None)  # it names the interpreter's version, which changes with the machine
    return notebook


if __name__ == "__main__":
    for found in sorted(HERE.glob("*.ipynb")):
        nbformat.write(execute(found), found)
        print(found.name)
