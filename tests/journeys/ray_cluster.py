"""Runs a command beside a Ray cluster of two nodes, in a network of its own: `ray_cluster.py FOLDER COMMAND …`."""

import fcntl
import os
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path

ADDRESS = "127.0.0.1:6379"
IFF_UP, SET_FLAGS = 1, 0x8914


def bring_up_loopback() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
        fcntl.ioctl(door, SET_FLAGS, struct.pack("16sh", b"lo", IFF_UP))


def start(folder: Path, place: int, *options: str) -> subprocess.Popen[bytes]:
    ray = Path(sys.executable).with_name("ray")
    always = ("--block", "--num-cpus=1", "--node-ip-address=127.0.0.1", "--disable-usage-stats")
    with (folder / f"ray-{place}.log").open("wb") as log:
        return subprocess.Popen([ray, "start", *always, *options], stdout=log, stderr=log)


def join(folder: Path, place: int, *options: str) -> subprocess.Popen[bytes]:
    """Start a node and wait until the cluster has it; Ray gives up after 30 s, which a busy machine may need."""
    for _ in range(3):
        node = start(folder, place, *options)
        while node.poll() is None:
            if n_nodes() > place:
                return node
            time.sleep(5)
    raise SystemExit((folder / f"ray-{place}.log").read_text(encoding="utf-8"))


def n_nodes() -> int:
    count = f"import ray; ray.init({ADDRESS!r}, log_to_driver=False); print(sum(n['Alive'] for n in ray.nodes()))"
    asked = subprocess.run([sys.executable, "-c", count], capture_output=True, text=True, check=False)
    return int(asked.stdout.strip() or 0) if asked.returncode == 0 else 0


def main(folder: Path, command: list[str]) -> int:
    bring_up_loopback()
    os.environ |= {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": os.urandom(24).hex(), "RAY_USAGE_STATS_ENABLED": "0"}
    nodes: list[subprocess.Popen[bytes]] = []
    try:
        nodes.append(join(folder, 0, "--head", "--include-dashboard=false", f"--temp-dir={folder / 'r'}"))
        nodes.append(join(folder, 1, f"--address={ADDRESS}"))
        os.environ["RAY_ADDRESS"] = ADDRESS
        return subprocess.run(command, check=False).returncode
    finally:
        for node in reversed(nodes):
            node.terminate()
            node.wait()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
