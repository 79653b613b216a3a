import CCrypto

/// What libraries do when the process ends.
enum LibraryEnds {
    /// OpenSSL, which libpq and libcurl work with too, would free all that it has when `exit` is called, also what threads
    /// that are just ending give back themselves: now and then both did, and a finished run died of a broken heap. The kernel
    /// frees it as well. Before anything else of that library is called.
    /// Source: OPENSSL_init_crypto(3), `OPENSSL_INIT_NO_ATEXIT`.
    static func leaveToKernel() {
        OPENSSL_init_crypto(UInt64(OPENSSL_INIT_NO_ATEXIT), nil)
    }
}
