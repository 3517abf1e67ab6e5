"""Objects of a routing registry (RPSL, RFC 2622 and RFC 4012) as they lie in files."""
import glob
import ipaddress
import re

FILES = "/etc/registry/*.rpsl"
JOURNAL = "/var/lib/registry/journal"  # what updates changed since the start, one numbered file each
SPACES = ("inetnum", "inet6num", "route", "route6")
ATTRIBUTE = re.compile(r"([A-Za-z][\w-]*):[ \t]*(.*)")


class Object:
    """One object: its attributes in order, and the text they came from."""

    def __init__(self, text):
        self.text = text.strip("\n") + "\n"
        self.attributes = []
        for line in self.text.splitlines():
            found = ATTRIBUTE.fullmatch(line.rstrip())
            if found:
                self.attributes.append([found[1].lower(), uncommented(found[2])])
            elif line[:1] in (" ", "\t", "+") and self.attributes:
                self.attributes[-1][1] = f"{self.attributes[-1][1]} {uncommented(line[1:])}".strip()
            else:
                raise ValueError(f"neither an attribute nor its continuation: {line.strip()[:60]}")
        if not self.attributes:
            raise ValueError("an object without attributes")
        self.kind, name = self.attributes[0]
        if self.kind in ("person", "role"):
            name = self.first("nic-hdl")
        self.space = space_of(self.kind, name)  # (first, last) for address space
        if self.kind in SPACES:
            name = name_of(self.kind, self.space)
        if self.kind in ("route", "route6"):
            name += self.first("origin").upper()
        if not name:
            raise ValueError(f"a {self.kind} without a name")
        self.name = name
        self.key = (self.kind, name.upper())

    def all(self, attribute):
        """Every value of an attribute; a list in one line is several."""
        values = [value for name, value in self.attributes if name == attribute]
        if attribute in ("auth", "certif", "descr", "remarks"):
            return values
        return [word for value in values for word in re.split(r"[,\s]+", value) if word]

    def first(self, attribute):
        return next((value for name, value in self.attributes if name == attribute), "")


def uncommented(value):
    return re.sub(r"\s*#.*", "", value).strip()


def space_of(kind, name):
    if kind not in SPACES:
        return None
    first, _, last = name.partition(" - ")
    if last:
        return ipaddress.ip_address(first.strip()), ipaddress.ip_address(last.strip())
    network = ipaddress.ip_network(first.strip())
    return network[0], network[-1]


def name_of(kind, space):
    first, last = space
    if kind == "inetnum":
        return f"{first} - {last}"
    return str(next(iter(ipaddress.summarize_address_range(first, last))))


def objects_in(text):
    """The objects of a file, which empty lines part; comments stand at the start of a line."""
    lines = [line for line in text.splitlines() if not line.startswith(("#", "%"))]
    for part in re.split(r"\n\s*\n", "\n".join(lines)):
        if part.strip():
            yield Object(part)


class Database:
    """Everything there is: the files, and over them the journal."""

    def __init__(self):
        self.versions = {}
        for path in sorted(glob.glob(FILES)):
            with open(path, encoding="utf-8") as file:
                text = file.read()
            try:
                for found in objects_in(text):
                    self.versions.setdefault(found.key, []).append(found)
            except ValueError as problem:
                raise ValueError(f"{path}: {problem}") from None
        for path in sorted(glob.glob(f"{JOURNAL}/*")):
            with open(path, encoding="utf-8") as file:
                found = Object(file.read())
            self.versions.setdefault(found.key, []).append(found)
        self.objects = [them[-1] for them in self.versions.values() if not them[-1].first("delete")]

    def get(self, kind, name):
        return next((it for it in self.objects if it.key == (kind, name.upper())), None)

    def around(self, kind, space, strictly=False):
        """Objects of a kind that hold all of a space, the smallest first."""
        first, last = space
        found = [
            it
            for it in self.objects
            if it.kind == kind and it.space[0] <= first and last <= it.space[1] and not (strictly and it.space == space)
        ]
        return sorted(found, key=lambda it: int(it.space[1]) - int(it.space[0]))

    def within(self, kind, space):
        """Objects of a kind that lie inside a space and are not all of it."""
        first, last = space
        return [
            it for it in self.objects if it.kind == kind and first <= it.space[0] and it.space[1] <= last and it.space != space
        ]
