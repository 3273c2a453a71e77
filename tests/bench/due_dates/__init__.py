"""The due dates judged on real libraries: real files, an age rule applied to them by us."""
