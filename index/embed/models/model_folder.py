"""A model's folder: where it is, what stands before its texts, and what distinguishes it from others.

In: the settings. Out: paths, prompts and a fingerprint; none of it needs the model loaded.
"""

from __future__ import annotations

import hashlib
import json
from functools import cached_property
from pathlib import Path
from typing import Any

from index.config import EmbedderSettings
from index.embed.models import bundled
from index.errors import ModelError

PRESETS = {"best": "google/embeddinggemma-300m"}
"""What a preset stands for; "fast" is the bundled multilingual-e5-small."""

FOLDING_VERSION = 1
"""Raised when the text an embedder reads changes, so that old libraries are rebuilt."""

FAMILY_PROMPTS = (("e5", "query: ", "passage: "),)
"""Query and passage prompts of models whose own configuration does not name them."""

DIGEST_SAMPLE = 1 << 20
DIGEST_SAMPLES = 8


class ModelFolder:
    """What all embedders of a folder have; the folder is found or unpacked when first needed."""

    def __init__(self, settings: EmbedderSettings) -> None:
        self.settings = settings
        self.name = settings.model
        if settings.model == "fast":
            self.name = bundled.EMBEDDER_NAME
        elif settings.model == "best":
            self.name = PRESETS["best"]

    @cached_property
    def folder(self) -> Path:
        """Where the model's files are; a hub name is downloaded, or found in the hub's cache."""
        if self.settings.model == "fast":
            return bundled.embedder_folder()
        folder = Path(self.name).expanduser()
        if folder.is_dir():
            return folder
        if folder.is_absolute() or self.name.startswith((".", "~")):
            raise ModelError(
                "embedder_no_folder",
                "There is no embedder folder {name}. Check embedder.model.",
                name=self.name,
            )
        return _from_hub(self.name)

    @cached_property
    def prompts(self) -> tuple[str, str]:
        """The texts put before a query and a passage: settings, the model's own, its family's."""
        configured = read_json(self.folder / "config_sentence_transformers.json").get("prompts")
        own: dict[str, str] = configured or {}
        query = own.get("query")
        passage = own.get("document", own.get("passage"))
        family: tuple[str, str] = next(
            ((q, p) for part, q, p in FAMILY_PROMPTS if part in self._name_parts), ("", "")
        )
        if query is None and passage is None:
            query, passage = family
        chosen = self.settings.query_prompt, self.settings.passage_prompt
        return (
            (query or "") if chosen[0] is None else chosen[0],
            (passage or "") if chosen[1] is None else chosen[1],
        )

    @property
    def _name_parts(self) -> list[str]:
        return Path(self.name).name.lower().replace("_", "-").split("-")

    @cached_property
    def fingerprint(self) -> str:
        """Hash of the weights (sampled), the prompts and the folding; the same in every dtype."""
        digest = hashlib.sha256(repr((FOLDING_VERSION, self.prompts)).encode())
        weights = sorted(
            path
            for path in self.folder.rglob("*")
            if path.suffix in {".safetensors", ".bin"} and path.is_file()
        )
        if not weights:
            raise ModelError(
                "embedder_no_weights",
                "No weights in {folder}: it is not a sentence-transformers model.",
                folder=self.folder,
            )
        for path in weights:
            size = path.stat().st_size
            digest.update(f"{path.name}:{size}".encode())
            with path.open("rb") as file:
                for n in range(DIGEST_SAMPLES):
                    file.seek(n * size // DIGEST_SAMPLES)
                    digest.update(file.read(DIGEST_SAMPLE))
        return digest.hexdigest()[:16]


def _from_hub(name: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    wanted = ["*.json", "*.txt", "*.model", "*.safetensors"]
    try:
        return Path(snapshot_download(name, allow_patterns=wanted))
    except (LocalEntryNotFoundError, HfHubHTTPError, HFValidationError, OSError) as error:
        raise ModelError(
            "embedder_not_found",
            "The embedder {name} is neither a folder nor to be had from the Hugging Face "
            'hub: {error} Set embedder.model to "fast" to work offline.',
            name=name,
            error=str(error).splitlines()[0],
        ) from error


def read_json(path: Path) -> Any:
    """What stands in a JSON file; {} where there is none."""
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
