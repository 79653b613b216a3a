// Loads a server of HTTP as Prometheus and its like do, and says how it answered. One thread and epoll: what is measured is
// the server and not the client.
//
//   scrape load HOST PORT CONNECTIONS REQUESTS [gzip]   REQUESTS on each of CONNECTIONS that are opened at once
//   scrape slow HOST PORT CONNECTIONS SECONDS           clients that send a byte of a header each second, and come again
//
// `load` prints one line of JSON; times are milliseconds from the begin of a request (of the connection, for its first) to
// the last byte of the answer.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct connection {
    int socket, status, sent, isChunked, inBody, left;
    long bodyLength, bodySeen;
    double begun;
    char head[16384];
    size_t headLength;
    unsigned char tail[5];
};

static struct sockaddr_in server;
static char request[512];
static int requestLength, epoll;
static double *times;
static long count, capacity, good, refused, broken, bytes;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

static int compare(const void *left, const void *right) {
    double difference = *(const double *)left - *(const double *)right;
    return (difference > 0) - (difference < 0);
}

static int dial(void) {
    int one = 1, socket_ = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (socket_ < 0) { perror("socket"); exit(2); }
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (connect(socket_, (struct sockaddr *)&server, sizeof server) && errno != EINPROGRESS) { close(socket_); return -1; }
    return socket_;
}

static void watch(struct connection *connection, uint32_t events, int operation) {
    struct epoll_event event = {.events = events, .data.ptr = connection};
    epoll_ctl(epoll, operation, connection->socket, &event);
}

static void begin(struct connection *connection) {
    connection->status = connection->sent = connection->isChunked = connection->inBody = 0;
    connection->bodyLength = -1;
    connection->bodySeen = 0;
    connection->headLength = 0;
    memset(connection->tail, 0, sizeof connection->tail);
}

// 1 when the answer is whole.
static int take(struct connection *connection, const char *data, size_t length) {
    bytes += length;
    if (!connection->inBody) {
        size_t room = sizeof connection->head - 1 - connection->headLength, part = length < room ? length : room;
        memcpy(connection->head + connection->headLength, data, part);
        size_t before = connection->headLength;
        connection->headLength += part;
        connection->head[connection->headLength] = 0;
        char *end = memmem(connection->head, connection->headLength, "\r\n\r\n", 4);
        if (!end) return 0;
        connection->inBody = 1;
        size_t used = end + 4 - connection->head - before;
        end[2] = 0;
        sscanf(connection->head, "HTTP/1.%*d %d", &connection->status);
        char *field = strcasestr(connection->head, "\ncontent-length:");
        if (field) connection->bodyLength = atol(field + 16);
        connection->isChunked = strcasestr(connection->head, "\ntransfer-encoding: chunked") != NULL;
        data += used;
        length -= used;
    }
    connection->bodySeen += length;
    // The last chunk ends a body; that its five bytes also end a packet in the middle by chance is improbable enough.
    for (size_t i = length > 5 ? length - 5 : 0; i < length; i++) {
        memmove(connection->tail, connection->tail + 1, 4);
        connection->tail[4] = data[i];
    }
    if (connection->isChunked) return !memcmp(connection->tail, "0\r\n\r\n", 5);
    return connection->bodyLength >= 0 && connection->bodySeen >= connection->bodyLength;
}

static void note(struct connection *connection) {
    times[count++] = now() - connection->begun;
    if (connection->status == 200) good++;
    else refused++;
}

static void load(int connections, int requests) {
    struct connection *all = calloc(connections, sizeof *all);
    struct epoll_event events[256];
    static char buffer[1 << 18];
    int open = 0;
    capacity = (long)connections * requests;
    times = calloc(capacity, sizeof *times);
    double start = now();
    for (int i = 0; i < connections; i++) {
        begin(&all[i]);
        all[i].left = requests;
        all[i].begun = now();
        all[i].socket = dial();
        if (all[i].socket < 0) { broken += requests; continue; }
        watch(&all[i], EPOLLIN | EPOLLOUT, EPOLL_CTL_ADD);
        open++;
    }
    while (open > 0) {
        int ready = epoll_wait(epoll, events, 256, 60000);
        if (ready <= 0) { broken += open; break; }
        for (int i = 0; i < ready; i++) {
            struct connection *connection = events[i].data.ptr;
            if (events[i].events & EPOLLOUT && connection->sent < requestLength) {
                ssize_t sent = send(connection->socket, request + connection->sent, requestLength - connection->sent, MSG_NOSIGNAL);
                if (sent > 0) connection->sent += sent;
                if (connection->sent == requestLength) watch(connection, EPOLLIN, EPOLL_CTL_MOD);
            }
            if (!(events[i].events & (EPOLLIN | EPOLLERR | EPOLLHUP))) continue;
            ssize_t length = recv(connection->socket, buffer, sizeof buffer, 0);
            if (length < 0 && errno == EAGAIN) continue;
            int isDone = length > 0 && take(connection, buffer, length);
            if (length > 0 && !isDone) continue;
            if (isDone) note(connection);
            else { broken++; }
            if (--connection->left > 0 && isDone && !strcasestr(connection->head, "\nconnection: close")) {
                begin(connection);
                connection->begun = now();
                watch(connection, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
                continue;
            }
            close(connection->socket);
            if (connection->left > 0) {
                begin(connection);
                connection->begun = now();
                connection->socket = dial();
                if (connection->socket >= 0) { watch(connection, EPOLLIN | EPOLLOUT, EPOLL_CTL_ADD); continue; }
                broken += connection->left;
            }
            open--;
        }
    }
    double seconds = (now() - start) / 1e3;
    qsort(times, count, sizeof *times, compare);
    double p50 = count ? times[count / 2] : -1, p99 = count ? times[(long)(count * 0.99)] : -1;
    printf("{\"ok\": %ld, \"refused\": %ld, \"broken\": %ld, \"p50\": %.3f, \"p99\": %.3f, \"most\": %.3f, \"seconds\": %.3f, \"bytes\": %ld}\n",
        good, refused, broken, p50, p99, count ? times[count - 1] : -1, seconds, good + refused ? bytes / (good + refused) : 0);
}

static void slow(int connections, int seconds) {
    int *sockets = malloc(connections * sizeof *sockets);
    for (int i = 0; i < connections; i++) sockets[i] = -1;
    for (double end = now() + seconds * 1e3; now() < end; usleep(1000000)) {
        for (int i = 0; i < connections; i++) {
            char byte;
            if (sockets[i] >= 0 && recv(sockets[i], &byte, 1, MSG_DONTWAIT) == 0) { close(sockets[i]); sockets[i] = -1; }
            if (sockets[i] < 0) {
                sockets[i] = dial();
                // The rest follows a byte at a time.
                continue;
            }
            if (send(sockets[i], "G", 1, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 && errno != EAGAIN) { close(sockets[i]); sockets[i] = -1; }
        }
        printf("%d\n", connections);
        fflush(stdout);
    }
}

int main(int argc, char **argv) {
    if (argc < 6) { fprintf(stderr, "scrape load|slow HOST PORT CONNECTIONS REQUESTS|SECONDS [gzip]\n"); return 64; }
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    server.sin_family = AF_INET;
    server.sin_port = htons(atoi(argv[3]));
    if (inet_pton(AF_INET, argv[2], &server.sin_addr) != 1) return 64;
    requestLength = snprintf(request, sizeof request,
        "GET /metrics HTTP/1.1\r\nHost: %s:%s\r\nUser-Agent: scrape\r\nAccept: application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5\r\n%s\r\n",
        argv[2], argv[3], argc > 6 ? "Accept-Encoding: gzip\r\n" : "");
    epoll = epoll_create1(EPOLL_CLOEXEC);
    if (!strcmp(argv[1], "slow")) slow(atoi(argv[4]), atoi(argv[5]));
    else load(atoi(argv[4]), atoi(argv[5]));
    return 0;
}
