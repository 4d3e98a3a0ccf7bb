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
FIRST_PORT = 21000
PORTS = ("dashboard-agent-grpc-port", "dashboard-agent-listen-port", "runtime-env-agent-port", "metrics-export-port")
"""Ports that Ray would else be told by processes for which it waits 15 s, which is not enough on a busy machine."""

IFF_UP, SET_FLAGS = 1, 0x8914


def bring_up_loopback() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
        fcntl.ioctl(door, SET_FLAGS, struct.pack("16sh", b"lo", IFF_UP))


def start(folder: Path, place: int, *options: str) -> subprocess.Popen[bytes]:
    ray = Path(sys.executable).with_name("ray")
    always = ("--block", "--num-cpus=1", "--node-ip-address=127.0.0.1", "--disable-usage-stats")
    ports = [f"--{name}={FIRST_PORT + 10 * place + number}" for number, name in enumerate(PORTS)]
    with (folder / f"ray-{place}.log").open("wb") as log:
        return subprocess.Popen([ray, "start", *always, *ports, *options], stdout=log, stderr=log)


def wait_for_nodes(n_wanted: int) -> None:
    count = f"import ray; ray.init({ADDRESS!r}, log_to_driver=False); print(sum(n['Alive'] for n in ray.nodes()))"
    until = time.monotonic() + 120
    while time.monotonic() < until:
        asked = subprocess.run([sys.executable, "-c", count], capture_output=True, text=True, check=False)
        if asked.stdout.strip() == str(n_wanted):
            return
    raise SystemExit(f"the cluster has not started: {asked.stdout}{asked.stderr}")


def main(folder: Path, command: list[str]) -> int:
    bring_up_loopback()
    os.environ |= {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": os.urandom(24).hex(), "RAY_USAGE_STATS_ENABLED": "0"}
    nodes = [start(folder, 0, "--head", "--include-dashboard=false", f"--temp-dir={folder / 'r'}")]
    try:
        wait_for_nodes(1)
        nodes.append(start(folder, 1, f"--address={ADDRESS}"))
        wait_for_nodes(2)
        os.environ["RAY_ADDRESS"] = ADDRESS
        return subprocess.run(command, check=False).returncode
    finally:
        for node in reversed(nodes):
            node.terminate()
            node.wait()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
