"""Makes system calls below a directory, as root and as others, and prints what became of each.

One line a case: its name, a tab, and `done`, an errno or what was seen. Every case begins in an
empty directory that root has made; the call itself is made by a process of its own, with the ids
that the case asks for. Nothing is judged here: the same run on tmpfs is what is right.

    matrix.py DIRECTORY
"""

import errno
import itertools
import os
import stat
import sys

ROOT = (0, 0)
OWNER = (1000, 1000)
GROUP = (1001, 1000)
OTHER = (1002, 1002)
WHO = {"root": ROOT, "owner": OWNER, "group": GROUP, "other": OTHER}
LONG_AGO = (86400, 172800)

cases = []


def case(name, setup, call, who=ROOT):
    """`setup` is run by root in the case's empty directory, then `call` by who."""
    cases.append((name, setup, call, who))


def file(path, mode=0o644, owner=OWNER, content=b"content"):
    with open(path, "wb") as out:
        out.write(content)
    os.chown(path, *owner)
    os.chmod(path, mode)


def folder(path, mode=0o755, owner=OWNER):
    os.mkdir(path)
    os.chown(path, *owner)
    os.chmod(path, mode)


def opened(path, flags, mode=0o666):
    os.close(os.open(path, flags, mode))


def content(path):
    with open(path, "rb") as f:
        return f.read().decode()


def names(path="."):
    return ",".join(sorted(os.listdir(path)))


def shown(path):
    s = os.lstat(path)
    return "%o" % stat.S_IMODE(s.st_mode)


def owned(path):
    s = os.lstat(path)
    return "%o %d:%d" % (stat.S_IMODE(s.st_mode), s.st_uid, s.st_gid)


def times(path):
    s = os.lstat(path)
    return " ".join("now" if t > 1e9 else "%d" % t for t in (s.st_atime, s.st_mtime))


def write(path, data=b"x"):
    fd = os.open(path, os.O_WRONLY)
    try:
        os.write(fd, data)
    finally:
        os.close(fd)


# Permissions of a file, by who asks.
FILE_CALLS = {
    "read": lambda: content("f"),
    "write": lambda: opened("f", os.O_WRONLY),
    "readwrite": lambda: opened("f", os.O_RDWR),
    "opentrunc": lambda: opened("f", os.O_WRONLY | os.O_TRUNC),
    "truncate": lambda: os.truncate("f", 3),
    "chmod": lambda: os.chmod("f", 0o600),
    "chown": lambda: os.chown("f", 1002, -1),
    "chgrp": lambda: os.chown("f", -1, 1000),
    "touch": lambda: os.utime("f"),
    "settimes": lambda: os.utime("f", LONG_AGO),
    "stat": lambda: shown("f"),
    "accessr": lambda: os.access("f", os.R_OK),
    "accessw": lambda: os.access("f", os.W_OK),
    "accessx": lambda: os.access("f", os.X_OK),
}
for mode, (who, ids), (call, make) in itertools.product(
    (0o000, 0o400, 0o200, 0o060, 0o006, 0o750, 0o644),
    WHO.items(),
    FILE_CALLS.items(),
):
    case("file.%03o.%s.%s" % (mode, who, call), lambda m=mode: file("f", m), make, ids)

# Permissions of a directory.
FOLDER_CALLS = {
    "list": lambda: names("d"),
    "stat": lambda: shown("d/f"),
    "read": lambda: content("d/f"),
    "create": lambda: opened("d/new", os.O_WRONLY | os.O_CREAT),
    "mkdir": lambda: os.mkdir("d/new"),
    "symlink": lambda: os.symlink("t", "d/new"),
    "link": lambda: os.link("d/f", "d/new"),
    "unlink": lambda: os.unlink("d/f"),
    "rmdir": lambda: os.rmdir("d/sub"),
    "rename": lambda: os.rename("d/f", "d/new"),
    "chdir": lambda: os.chdir("d"),
}


def full(mode, owner=OWNER):
    folder("d", 0o755, owner)
    file("d/f", 0o666)
    folder("d/sub")
    os.chmod("d", mode)


for mode, (who, ids), (call, make) in itertools.product(
    (0o000, 0o500, 0o300, 0o700, 0o050, 0o003, 0o755),
    WHO.items(),
    FOLDER_CALLS.items(),
):
    case("dir.%03o.%s.%s" % (mode, who, call), lambda m=mode: full(m), make, ids)


# A sticky directory of 1000, with things of 1001 in it.
def sticky():
    folder("s", 0o1777)
    file("s/f", 0o666, (1001, 1001))
    folder("s/d", 0o777, (1001, 1001))
    for who, ids in WHO.items():
        file("s/mine-" + who, 0o666, ids)


for who, ids in {"root": ROOT, "dirowner": OWNER, "owner": (1001, 1001), "other": OTHER}.items():
    mine = "s/mine-" + ("owner" if who == "dirowner" else "group" if who == "owner" else who)
    for call, make in {
        "unlink": lambda: os.unlink("s/f"),
        "rmdir": lambda: os.rmdir("s/d"),
        "rename": lambda: os.rename("s/f", "s/g"),
        "renamedir": lambda: os.rename("s/d", "s/e"),
        "renameover": lambda m=mine: os.rename(m, "s/f"),
        "renameout": lambda: os.rename("s/f", "out"),
        "create": lambda: opened("s/new", os.O_WRONLY | os.O_CREAT),
    }.items():
        case("sticky.%s.%s" % (who, call), lambda: (sticky(), os.chmod(".", 0o777)), make, ids)

# Every kind of thing, for calls that are about what kind it is.
KINDS = {
    "missing": lambda p: None,
    "file": lambda p: file(p, owner=ROOT),
    "empty": lambda p: folder(p, owner=ROOT),
    "full": lambda p: (folder(p, owner=ROOT), file(p + "/in", owner=ROOT)),
    "link": lambda p: (file(p + "-target", owner=ROOT), os.symlink(p + "-target", p)),
    "dangling": lambda p: os.symlink("nowhere", p),
    "dirlink": lambda p: (folder(p + "-target", owner=ROOT), os.symlink(p + "-target", p)),
    "loop": lambda p: os.symlink(p, p),
}


def then(call, look):
    """What is to be seen after a call."""
    def both():
        call()
        return look()
    return both


for (a, make_a), (b, make_b) in itertools.product(KINDS.items(), KINDS.items()):
    both = lambda x=make_a, y=make_b: (x("a"), y("b"))
    case("rename.%s.%s" % (a, b), both, then(lambda: os.rename("a", "b"), names))
    case("link.%s.%s" % (a, b), both,
         then(lambda: os.link("a", "b", follow_symlinks=False), names))
for kind, make in KINDS.items():
    one = lambda m=make: m("a")
    for call, run in {
        "unlink": lambda: os.unlink("a"),
        "unlinkslash": lambda: os.unlink("a/"),
        "rmdir": lambda: os.rmdir("a"),
        "rmdirslash": lambda: os.rmdir("a/"),
        "rmdirdot": lambda: os.rmdir("a/."),
        "rmdirdotdot": lambda: os.rmdir("a/.."),
        "mkdir": lambda: os.mkdir("a"),
        "mkdirslash": lambda: os.mkdir("a/"),
        "symlink": lambda: os.symlink("x", "a"),
        "symlinkslash": lambda: os.symlink("x", "a/"),
        "mkfifo": lambda: os.mkfifo("a"),
        "renameself": lambda: os.rename("a", "a"),
        "renamebelow": lambda: os.rename("a", "a/b"),
        "renameup": lambda: os.rename("a/in", "a"),
        "renameslash": lambda: os.rename("a", "b/"),
        "renamedot": lambda: os.rename("a/.", "b"),
        "truncate0": lambda: os.truncate("a", 0),
        "truncate9": lambda: os.truncate("a", 9),
        "truncateslash": lambda: os.truncate("a/", 0),
        "readlink": lambda: os.readlink("a"),
        "list": lambda: names("a"),
        "chmod": lambda: then(lambda: os.chmod("a", 0o700), lambda: shown("a"))(),
        "lchown": lambda: then(lambda: os.chown("a", 5, 6, follow_symlinks=False),
                               lambda: owned("a"))(),
        "lutimes": lambda: then(lambda: os.utime("a", LONG_AGO, follow_symlinks=False),
                                lambda: times("a"))(),
        "openr": lambda: opened("a", os.O_RDONLY),
        "openw": lambda: opened("a", os.O_WRONLY),
        "opencreate": lambda: opened("a", os.O_RDWR | os.O_CREAT),
        "openexclusive": lambda: opened("a", os.O_RDWR | os.O_CREAT | os.O_EXCL),
        "opentrunc": lambda: opened("a", os.O_RDWR | os.O_TRUNC),
        "opendirectory": lambda: opened("a", os.O_RDONLY | os.O_DIRECTORY),
        "opennofollow": lambda: opened("a", os.O_RDONLY | os.O_NOFOLLOW),
        "openslash": lambda: opened("a/", os.O_RDONLY),
        "createslash": lambda: opened("a/", os.O_RDWR | os.O_CREAT),
        "statbelow": lambda: os.stat("a/b"),
        "createbelow": lambda: opened("a/b", os.O_RDWR | os.O_CREAT),
        "mkdirbelow": lambda: os.mkdir("a/b"),
        "unlinkbelow": lambda: os.unlink("a/b"),
        "linkbelow": lambda: os.link("a/b", "c"),
    }.items():
        case("kind.%s.%s" % (kind, call), one, then(run, names) if call[0] in "urm" else run)

# Sizes.
for size in (-1, 0, 1, 7, 4096, 1 << 33):
    case("truncate.to.%d" % size, lambda: file("f"),
         then(lambda s=size: os.truncate("f", s), lambda: os.stat("f").st_size))
    case("ftruncate.to.%d" % size, lambda: file("f"),
         lambda s=size: os.ftruncate(os.open("f", os.O_RDWR), s))
    case("ftruncate.readonly.%d" % size, lambda: file("f"),
         lambda s=size: os.ftruncate(os.open("f", os.O_RDONLY), s))
case("truncate.zeroes", lambda: file("f"),
     lambda: (os.truncate("f", 3), os.truncate("f", 6), repr(content("f")))[2])
case("append.ignores.offset", lambda: file("f"),
     lambda: (os.pwrite(os.open("f", os.O_WRONLY | os.O_APPEND), b"!", 0), content("f"))[1])
case("pread.beyond", lambda: file("f"), lambda: repr(os.pread(os.open("f", os.O_RDONLY), 9, 99)))
case("unlinked.goeson", lambda: file("f"), lambda: (
    fd := os.open("f", os.O_RDWR), os.unlink("f"), os.pwrite(fd, b"C", 0),
    os.pread(fd, 9, 0).decode(), os.fstat(fd).st_nlink)[3:])
case("renamed.goeson", lambda: file("f"), lambda: (
    fd := os.open("f", os.O_RDWR), os.rename("f", "g"), os.pwrite(fd, b"C", 0), content("g"))[3])

# Times.
for who, ids in WHO.items():
    for mode in (0o644, 0o666):
        made = lambda m=mode: (file("f", m), os.utime("f", (5, 6)))
        for call, run in {
            "both": lambda: os.utime("f", LONG_AGO),
            "now": lambda: os.utime("f"),
        }.items():
            case("times.%03o.%s.%s" % (mode, who, call), made,
                 then(run, lambda: times("f")), ids)
case("times.write", lambda: (file("f"), os.utime("f", (5, 6))),
     then(lambda: write("f"), lambda: times("f").split()[1]))
case("times.rename.kept", lambda: (file("f"), os.utime("f", (5, 6))),
     then(lambda: os.rename("f", "g"), lambda: times("g")))
case("times.chmod.kept", lambda: (file("f"), os.utime("f", (5, 6))),
     then(lambda: os.chmod("f", 0o600), lambda: times("f")))
case("times.nanoseconds", lambda: file("f"), then(
    lambda: os.utime("f", ns=(1_000_000_001, 1_000_000_002)), lambda: os.stat("f").st_mtime_ns))
for seconds in (-1, 0, (1 << 31) - 1, 1 << 31, (1 << 32) - 1, 1 << 32):
    case("times.at.%d" % seconds, lambda: file("f"), then(
        lambda s=seconds: os.utime("f", (s, s)), lambda: int(os.stat("f").st_mtime)))
for what, run in {"create": lambda: opened("d/n", os.O_CREAT | os.O_WRONLY),
                  "unlink": lambda: os.unlink("d/f"), "mkdir": lambda: os.mkdir("d/n"),
                  "rename": lambda: os.rename("d/f", "d/n"),
                  "away": lambda: os.rename("d/f", "n")}.items():
    case("times.directory." + what, lambda: (full(0o755), os.utime("d", (5, 6))),
         then(run, lambda: times("d").split()[1]))

# What is made: owner, mode, umask, set-group-id directories; set-user-id bits.
for who, ids in WHO.items():
    for mask in (0, 0o022, 0o077):
        made = lambda: os.chmod(".", 0o777)
        for call, run in {
            "create": lambda: opened("n", os.O_CREAT | os.O_WRONLY, 0o666),
            "createx": lambda: opened("n", os.O_CREAT | os.O_WRONLY, 0o777),
            "mkdir": lambda: os.mkdir("n", 0o777),
        }.items():
            case("made.%03o.%s.%s.mode" % (mask, who, call), made,
                 lambda m=mask, r=run: (os.umask(m), r(), shown("n"))[2], ids)
    case("made.%s.owner" % who, lambda: os.chmod(".", 0o777),
         then(lambda: opened("n", os.O_CREAT | os.O_WRONLY), lambda: owned("n").split()[1]), ids)
    case("made.%s.setgid" % who, lambda: folder("d", 0o2777, (1000, 77)),
         then(lambda: os.mkdir("d/n"), lambda: owned("d/n").split()[1]), ids)
    case("suid.%s.write" % who, lambda: file("f", 0o6777),
         then(lambda: write("f"), lambda: shown("f")), ids)
    case("suid.%s.truncate" % who, lambda: file("f", 0o6777),
         then(lambda: os.truncate("f", 1), lambda: shown("f")), ids)
    case("suid.%s.chown" % who, lambda: file("f", 0o6777),
         then(lambda: os.chown("f", -1, 1000), lambda: shown("f")), ids)
    case("suid.%s.chmod" % who, lambda: file("f", 0o755),
         then(lambda: os.chmod("f", 0o4755), lambda: shown("f")), ids)

# Lengths.
for length in (1, 254, 255, 256):
    for call, run in {
        "create": lambda n: opened(n, os.O_CREAT | os.O_WRONLY),
        "mkdir": lambda n: os.mkdir(n),
        "symlink": lambda n: os.symlink("t", n),
        "stat": lambda n: os.stat(n),
        "unlink": lambda n: os.unlink(n),
        "rename": lambda n: os.rename("f", n),
        "link": lambda n: os.link("f", n),
    }.items():
        case("length.name.%d.%s" % (length, call), lambda: file("f"),
             lambda n="n" * length, r=run: r(n))
for length in (1, 1023, 1024, 4095, 4096):
    case("length.target.%d" % length, lambda: None, lambda n=length: (
        os.symlink("t" * n, "l"), len(os.readlink("l")))[1])
for depth in (2000, 2047, 2048):
    case("length.path.%d" % depth, lambda: file("f"),
         lambda d=depth: os.stat("./" * d + "f").st_size)
case("length.empty", lambda: None, lambda: os.stat(""))
for links in (39, 40, 41):
    case("loop.%d" % links,
         lambda n=links: (file("l0"), [os.symlink("l%d" % i, "l%d" % (i + 1)) for i in range(n)]),
         lambda n=links: content("l%d" % n))


def outcome(call, who):
    """Makes the call in a child with these ids; answers what it saw."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            if who != ROOT:
                os.setgroups([])
                os.setresgid(who[1], who[1], who[1])
                os.setresuid(who[0], who[0], who[0])
            os.umask(0o022)
            seen = call()
            text = "done" if seen is None else str(seen)
        except OSError as e:
            text = errno.errorcode.get(e.errno, str(e.errno))
        except BaseException as e:
            text = repr(e)
        os.write(writing, text.encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as result:
        text = result.read()
    os.waitpid(child, 0)
    return text or "nothing"


def main(directory):
    os.umask(0o022)
    os.chmod(directory, 0o755)
    for number, (name, setup, call, who) in enumerate(cases):
        place = os.path.join(directory, str(number))
        os.mkdir(place)
        os.chdir(place)
        setup()
        print(name, outcome(call, who), sep="\t")


main(sys.argv[1])
