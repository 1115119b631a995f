"""The pages that a person opens: the dossier of one study, and the list of all studies."""
