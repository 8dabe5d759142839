"""Mapping and validation rules as typed data: evaluated over facts, answered as findings in plain sentences."""

from rules.content import content_hash
from rules.evaluation import CHECKS, Check, evaluate
from rules.values import DEFAULT_RULES, RuleSet

__all__ = ["CHECKS", "DEFAULT_RULES", "Check", "RuleSet", "content_hash", "evaluate"]
