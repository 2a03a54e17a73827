# The first process of a node, in name spaces of its own: NAME, DIRECTORY and REPOSITORY are its
# arguments. The node sees this machine's files and may change them all, for what it changes goes to
# DIRECTORY; the repository is the same everywhere.
set -eu
name=$1 directory=$2 repository=$3
hostname "$name"
groups=$(awk '$3 == "cgroup" { print $2, $4 }' /proc/mounts)

mount -t overlay -o "lowerdir=/,upperdir=$directory/files,workdir=$directory/work" node "$directory/root"
cd "$directory/root"
mount -t proc proc proc
mount -t sysfs sysfs sys
mount --bind /dev dev
mount -t tmpfs -o mode=755 run run
mkdir -p run/sshd run/lock
mount -t tmpfs -o mode=1777 tmp tmp
# Sockets and what containers note is where the tests find it.
mkdir -p ".$MOORING_ENCLOSURE"
mount --rbind "$MOORING_ENCLOSURE" ".$MOORING_ENCLOSURE"
mkdir -p ".$repository"
mount --bind "$repository" ".$repository"
mount --bind "$directory/home" root
# An overlay cannot be made on an overlay.
mkdir -p var/lib/docker
mount --bind "$directory/docker" var/lib/docker
# A cgroup name space is seen in the mounts that are made in it.
mount -t tmpfs -o mode=755 cgroup sys/fs/cgroup
echo "$groups" | while read -r path options; do
  controller=$(basename "$path")
  case $options in *name=*) controller=none,name=${options##*name=} ;; esac
  mkdir "sys/fs/cgroup/$(basename "$path")"
  mount -t cgroup -o "$controller" cgroup "sys/fs/cgroup/$(basename "$path")"
done

{
  echo 127.0.0.1 localhost
  for number in 1 2 3; do echo "10.77.0.$number n$number"; done
} >etc/hosts

pivot_root . .
umount -l .
mount --make-rshared /
ip link set lo up
touch "$directory/ready"
exec tini -s -- sleep infinity
