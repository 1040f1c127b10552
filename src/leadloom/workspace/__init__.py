"""A workspace: everything a person, a script or an assistant can do, one verb each."""

from leadloom.workspace.workspace import Workspace

__all__ = ["Workspace"]
