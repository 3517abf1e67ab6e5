"""Who may change what in a registry (RFC 2725), and who somebody has proved to be."""
import base64
import ctypes
import functools
import hmac
import re
import subprocess
import tempfile


def consents(database, old, new):
    """Whose consent an update needs: a list of (why, maintainers), of each of which one must agree."""
    if old is not None:
        return [(f"maintains {old.name}", old.all("mnt-by"))]
    if new.kind in ("aut-num", "mntner", "as-block"):
        raise PermissionError(f"a new {new.kind} is nothing that an update can make")
    needed = [("is named in mnt-by", new.all("mnt-by"))]
    if new.kind in ("route", "route6"):
        needed += [origin_consent(database, new), space_consent(database, new)]
    if new.kind in ("inetnum", "inet6num"):
        parent = next(iter(database.around(new.kind, new.space)), None)
        needed.append(holder_of(parent, new, "mnt-lower"))
    return needed


def origin_consent(database, route):
    origin = route.first("origin").upper()
    found = database.get("aut-num", origin)
    if found is None:
        raise PermissionError(f"{origin} is not registered")
    return f"answers for routes of {origin}", found.all("mnt-routes") or found.all("mnt-by")


def space_consent(database, route):
    """The nearest route decides; only where there is none, the nearest address space (RFC 2725, section 9.9)."""
    space = "inetnum" if route.kind == "route" else "inet6num"
    nearest = [*database.around(route.kind, route.space), *database.around(space, route.space)]
    return holder_of(next(iter(nearest), None), route, "mnt-routes", "mnt-lower")


def holder_of(parent, new, *attributes):
    if parent is None:
        raise PermissionError(f"no registered address space holds {new.name}")
    named = [parent.all(it) for it in attributes if it != "mnt-lower" or parent.space != new.space]
    return f"answers for {parent.name}", next((it for it in named if it), parent.all("mnt-by"))


class Proof:
    """What a message proves about its sender."""

    def __init__(self, sender, passwords, signed):
        self.sender = sender
        self.passwords = passwords
        self.signed = signed  # the message as it came, when it is signed

    def satisfies(self, database, maintainer, accepted):
        """One `auth:` is enough (RFC 2622, section 3.1), if the registry accepts its kind."""
        found = database.get("mntner", maintainer)
        return found is not None and any(self.meets(database, it) for it in found.all("auth") if kind_of(it) in accepted)

    def meets(self, database, auth):
        scheme, _, value = auth.partition(" ")
        kind = kind_of(auth)
        if kind == "PGPKEY":
            key = database.get("key-cert", scheme)
            return key is not None and self.signed is not None and verified(self.signed, key) is not None
        try:
            if kind in ("CRYPT-PW", "MD5-PW"):
                return any(matches(it, value.strip()) for it in self.passwords)
            if kind == "MAIL-FROM":
                return re.fullmatch(value.strip(), self.sender) is not None
        except (OSError, re.error):
            return False  # no password of this kind, no such pattern
        return kind == "NONE"


libcrypt = ctypes.CDLL("libcrypt.so.1")
libcrypt.crypt.restype = ctypes.c_char_p


def matches(password, hashed):
    """Whether a password has that hash, by crypt(3): Python has no module for it since 3.13."""
    found = libcrypt.crypt(password.encode(), hashed.encode())
    return found is not None and hmac.compare_digest(found, hashed.encode())


def kind_of(auth):
    """PGPKEY-1A2B3C4D is of the kind PGPKEY."""
    return re.sub(r"^PGPKEY-.*", "PGPKEY", auth.split()[0].upper()) if auth.strip() else ""


def verified(message, key):
    """What the key of a key-cert object (RFC 2726) has signed in a message; None when it has not."""
    return signed_part(message, dearmoured(key.all("certif")))


@functools.lru_cache  # A message is asked for the same keys again for each object in it.
def signed_part(message, key):
    with tempfile.NamedTemporaryFile() as ring:
        ring.write(key)
        ring.flush()
        gpgv = ["gpgv", "--status-fd", "2", "--keyring", ring.name, "--output", "-"]
        told = subprocess.run(gpgv, input=message.encode(), capture_output=True, timeout=10)
    said = told.stderr.decode("utf-8", "replace").splitlines()
    words = {line.split()[1] for line in said if line.startswith("[GNUPG:] ")}
    # gpgv takes signatures of expired and revoked keys for good (gpgv(1)): what it says of them decides.
    if told.returncode != 0 or "GOODSIG" not in words or words & {"EXPKEYSIG", "REVKEYSIG", "EXPSIG", "BADSIG"}:
        return None
    return told.stdout.decode("utf-8", "replace")


def dearmoured(lines):
    """The bytes of an armoured key (RFC 4880, section 6.2): what stands between the empty line and the checksum."""
    body = [line.strip() for line in lines if line.strip() and not re.match(r"-----|\w+: |=", line.strip())]
    return base64.b64decode("".join(body))
