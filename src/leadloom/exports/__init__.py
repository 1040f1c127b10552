"""Exports: rows become files that spreadsheets, address books and programs open."""

from leadloom.exports.writing import Kind, Written, write

__all__ = ["Kind", "Written", "write"]
