"""Forms that visitors fill in: the parameters that several nodes share, and the pages they make."""

from stepweave.spec.forms.fields import FieldType, FormField, PageField, fields_field
from stepweave.spec.forms.pages import FormInvalid, Page, page_of

__all__ = ["FieldType", "FormField", "FormInvalid", "Page", "PageField", "fields_field", "page_of"]
