"""The command line: `archive-forecast <command>`, each command a thin door to the service.

In:    arguments.
Out:   text for people, or JSON with `--json`; exit code 0 done, 1 refused, 2 wrong arguments, 3 done but MLflow was not
       told, 4 no model beats guessing the mean, 130 stopped.
Never: computes.
"""

from app.cli.main import main

__all__ = ["main"]
