"""What is asked of who restores an earlier version: nothing but a button."""

from __future__ import annotations

from django import forms


class RestoreForm(forms.Form):
    version = forms.IntegerField(
        min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput
    )

    def shown(self) -> int:
        """Give the version that the page showed as standing now.

        Shape: 0 where that was lost on the way, which overwrites nothing.
        """
        return self.cleaned_data["version"] if self.is_valid() else 0
