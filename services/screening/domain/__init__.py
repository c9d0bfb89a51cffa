"""The rules of the screening: form, questions to ask, scores, suggestions, life of a draft."""
