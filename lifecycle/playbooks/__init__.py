"""The kinds of cases: a file a kind, found by being here when the app is ready (`registry` says what one holds)."""
