# Uses the volume at /shared as a program does, and notes in /probe/$NAME, a line for each step, when
# the step began and ended, its number, what became of writing and of reading, how many names there
# were, and what kind of file system it is.
trap 'exit 0' TERM
step=0
uptime() { read -r now _ </proc/uptime; echo "$now"; }
while :; do
  step=$((step + 1))
  began=$(uptime)
  echo "$step" | dd of="/shared/$NAME" oflag=append conv=notrunc,fsync status=none 2>/tmp/write &&
    write=ok || write=$(sed 's/.*: //; s/ /_/g' /tmp/write)
  read=$(cat /shared/hello 2>/tmp/read) || read=$(sed 's/.*: //; s/ /_/g' /tmp/read)
  names=$(ls /shared 2>/dev/null) && names=$(echo "$names" | wc -l) || names=refused
  kind=$(awk '$2 == "/shared" { kind = $3 } END { print kind }' /proc/mounts)
  echo "$began $(uptime) $step $write $read $names $kind" >>"/probe/$NAME"
  sleep 0.2
done
