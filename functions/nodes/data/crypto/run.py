"""Hashes, signs and encrypts one text or file for each item.

`cryptography` is imported only where something is encrypted or signed.
"""

import hashlib
import hmac
from collections.abc import Iterable, Iterator
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any, Final

from functions.nodes.data.crypto.encodings import bytes_of, decoded, encoded
from functions.nodes.data.crypto.errors import DecryptionFailed
from functions.nodes.data.crypto.randomness import random_value, uuid
from functions.nodes.data.crypto.secret import secret_of
from functions.nodes.data.crypto.spec import Params
from stepweave.model.items import BinaryRef, Item
from stepweave.runtime import Entry, Step
from stepweave.runtime.files import StoredFile
from stepweave.runtime.item_files import file_of
from stepweave.runtime.placing import placed

if TYPE_CHECKING:
    from functions.nodes.data.crypto.envelope import Cipher

_IN_MEMORY: Final = 8 * 1024**2
_ENDING: Final = ".enc"


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return one item for each input item, with the result in a field."""
    work = _Work(step)
    return step.each(work.on)


class _Work:
    def __init__(self, step: Step[Params]) -> None:
        self._step = step
        self._cipher: Cipher | None = None

    def on(self, entry: Entry[Params]) -> list[Item]:
        params, files = entry.params, None
        if params.operation in ("encrypt", "decrypt"):
            value, files = self._enciphered(entry)
        else:
            value = self._value(entry)
        keep = params.keep_other_fields
        return [placed(entry.item, params.output_field, value, keep=keep, files=files)]

    def _value(self, entry: Entry[Params]) -> Any:
        params = entry.params
        match params.operation:
            case "random":
                return random_value(params)
            case "uuid":
                return uuid(params.uuid_version)
            case "hash":
                digest = hashlib.new(params.algorithm, usedforsecurity=False)
                for piece in self._pieces(entry):
                    digest.update(piece)
                return encoded(digest.digest(), params.encoding)
            case "hmac" | "verifyHmac":
                code = self._hmac(entry)
                if params.operation == "hmac":
                    return encoded(code, params.encoding)
                return hmac.compare_digest(code, decoded(params.signature, params.encoding) or b"")
        return self._signature(entry)

    def _hmac(self, entry: Entry[Params]) -> bytes:
        secret, _ = secret_of(self._account(entry.params))
        code = hmac.new(secret, digestmod=entry.params.algorithm)
        for piece in self._pieces(entry):
            code.update(piece)
        return code.digest()

    def _signature(self, entry: Entry[Params]) -> Any:
        from functions.nodes.data.crypto.keys import private_key_of, public_key_of
        from functions.nodes.data.crypto.signing import fits, signed

        params, account = entry.params, self._account(entry.params)
        how = (params.signature_hash, params.rsa_padding, params.ecdsa_form)
        if params.operation == "sign":
            return encoded(signed(private_key_of(account), self._pieces(entry), *how), params.encoding)
        key, signature = public_key_of(account), decoded(params.signature, params.encoding)
        return signature is not None and fits(key, signature, self._pieces(entry), *how)

    def _enciphered(self, entry: Entry[Params]) -> tuple[Any, dict[str, BinaryRef] | None]:
        params, cipher = entry.params, self._ciphering(entry.params)
        context, encrypts = params.context.encode(), params.operation == "encrypt"
        if params.source == "file":
            work = cipher.encrypted if encrypts else cipher.decrypted
            return self._stored(work(self._file(entry).chunks(), context), entry)
        if encrypts:
            return encoded(b"".join(cipher.encrypted(self._pieces(entry), context)), "base64url"), None
        sealed = decoded(params.text, "base64url")
        if not sealed:
            raise DecryptionFailed("The text was not encrypted by this node.", "Give what *Encrypt* gave.")
        plain = b"".join(cipher.decrypted([sealed], context))
        try:
            return plain.decode(), None
        except UnicodeDecodeError:
            return encoded(plain, "base64"), None

    def _ciphering(self, params: Params) -> "Cipher":
        if self._cipher is None:
            from functions.nodes.data.crypto.envelope import Cipher

            secret, is_text = secret_of(self._account(params))
            self._cipher = Cipher(secret, is_password=is_text)
        return self._cipher

    def _stored(self, pieces: Iterable[bytes], entry: Entry[Params]) -> tuple[int, dict[str, BinaryRef]]:
        source, encrypts = self._file(entry), entry.params.operation == "encrypt"
        with SpooledTemporaryFile(max_size=_IN_MEMORY) as file:
            digest, size = hashlib.sha256(), 0
            for piece in pieces:
                file.write(piece)
                digest.update(piece)
                size += len(piece)
            file.seek(0)
            name = source.name + _ENDING if encrypts and source.name else source.name.removesuffix(_ENDING)
            mime_type = "application/octet-stream"
            ref = self._step.store_file(file, size=size, sha256=digest.hexdigest(), mime_type=mime_type, file_name=name)
        return size, {entry.params.output_file: ref}

    def _pieces(self, entry: Entry[Params]) -> Iterator[bytes]:
        if entry.params.source == "file":
            return self._file(entry).chunks()
        return iter([bytes_of(entry.params.text, entry.params.text_encoding)])

    def _file(self, entry: Entry[Params]) -> StoredFile:
        return file_of(entry.params.file, entry.item, self._step.open_file, "File", "params.file")

    def _account(self, params: Params) -> dict[str, Any]:
        return self._step.credential(params.credential, "crypto_key")
