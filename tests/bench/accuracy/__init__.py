"""How right the estimators are where the truth is known, against the published forest and simple rivals, in one run."""
