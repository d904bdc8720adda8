"""`python -m vocmine` is the command line."""

from vocmine.cli import main

main()
