// curl_easy_setopt and curl_easy_getinfo are variadic, which Swift does not import.
#pragma once
#include <curl/curl.h>

static inline CURLcode restorable_curl_set_text(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode restorable_curl_set_number(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode restorable_curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode restorable_curl_set_bytes(CURL *handle, CURLoption option, const void *value) {
    return curl_easy_setopt(handle, option, value);
}

/// Receives into `context`, a callback of CURLOPT_WRITEFUNCTION.
static inline CURLcode restorable_curl_set_receiver(CURL *handle, curl_write_callback receiver, void *context) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, receiver);
    return code != CURLE_OK ? code : curl_easy_setopt(handle, CURLOPT_WRITEDATA, context);
}

static inline long restorable_curl_response_code(CURL *handle) {
    long code = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &code);
    return code;
}

/// Receives header lines into `context`, a callback of CURLOPT_HEADERFUNCTION.
static inline CURLcode restorable_curl_set_header_receiver(CURL *handle, curl_write_callback receiver, void *context) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, receiver);
    return code != CURLE_OK ? code : curl_easy_setopt(handle, CURLOPT_HEADERDATA, context);
}

/// `buffer` holds CURL_ERROR_SIZE bytes, as long as the handle lives.
static inline CURLcode restorable_curl_set_error_buffer(CURL *handle, char *buffer) {
    return curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, buffer);
}

/// Bytes of the request's body that were sent so far.
static inline long long restorable_curl_uploaded(CURL *handle) {
    curl_off_t count = 0;
    curl_easy_getinfo(handle, CURLINFO_SIZE_UPLOAD_T, &count);
    return count;
}

static inline CURLcode restorable_curl_unpause(CURL *handle) {
    return curl_easy_pause(handle, CURLPAUSE_CONT);
}

static inline size_t restorable_curl_pause_code(void) {
    return CURL_WRITEFUNC_PAUSE;
}
