"""What is asked of who restores an earlier version: nothing but a button."""

from __future__ import annotations

from django import forms

from organisations.forms import VersionField


class RestoreForm(forms.Form):
    version = VersionField()

    def shown(self) -> int:
        """Give the version that the page showed as standing now."""
        self.full_clean()
        version: int = self.cleaned_data["version"]
        return version
