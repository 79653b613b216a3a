import CLinux
import Glibc

/// The System V shared memory segment of a server that was killed.
enum SharedMemorySegment {
    /// Removes the segment that `postmaster.pid` in `data` names, if nobody uses it and it is the one.
    ///
    /// Line 7 of that file is "key id" (PostgreSQL 15, src/include/utils/pidfile.h, LOCK_FILE_LINE_SHMEM_KEY); the
    /// segment must have that key, belong to the owner of the file and have nobody attached.
    static func removeLeftover(of data: String) {
        let path = "\(data)/postmaster.pid"
        guard let file = DirectoryTree.status(path), file.isRegular, let text = ProcFile.text(path) else { return }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count >= 7 else { return }
        let fields = lines[6].split(separator: " ")
        guard fields.count == 2, let key = UInt64(fields[0]), let identifier = Int32(fields[1]) else { return }
        var status = shmid_ds()
        guard shmctl(identifier, IPC_STAT, &status) == 0, status.shm_nattch == 0,
            status.shm_perm.uid == file.st_uid,
            UInt32(bitPattern: status.shm_perm.__key) == UInt32(truncatingIfNeeded: key)
        else { return }
        shmctl(identifier, IPC_RMID, nil)
    }
}
