"""Reports: findings rendered for people and programs. How they came about is no concern of this layer."""

from bicentennial.report.formats import FORMATS, render
from bicentennial.report.model import Language, Report

__all__ = ["FORMATS", "Language", "Report", "render"]
