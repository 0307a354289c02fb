/* The system's clock, ahead by as many seconds as the file says that MOVED_CLOCK names: loaded before a program by
   LD_PRELOAD, it makes a minute pass in a moment. (libfaketime does as much, but not for programs with jemalloc.) */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static char path[4096];

/* Once, for nginx writes over its environment. */
__attribute__((constructor)) static void begin(void) {
    const char *told = getenv("MOVED_CLOCK");
    if (told) strncpy(path, told, sizeof path - 1);
}

static long ahead(void) {
    char text[32] = "";
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return 0;
    ssize_t length = read(file, text, sizeof text - 1);
    close(file);
    return length > 0 ? atol(text) : 0;
}

int clock_gettime(clockid_t which, struct timespec *now) {
    int failed = syscall(SYS_clock_gettime, which, now);
    if (!failed && which == CLOCK_REALTIME) now->tv_sec += ahead();
    return failed;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    struct timespec exact;
    int failed = clock_gettime(CLOCK_REALTIME, &exact);
    now->tv_sec = exact.tv_sec;
    now->tv_usec = exact.tv_nsec / 1000;
    return failed;
}

/* Its moment is one of the moved clock, and the system waits by its own. */
int pthread_cond_timedwait(pthread_cond_t *restrict condition, pthread_mutex_t *restrict lock,
                           const struct timespec *restrict until) {
    static int (*wait)(pthread_cond_t *, pthread_mutex_t *, const struct timespec *);
    struct timespec real = *until;
    if (!wait) wait = dlsym(RTLD_NEXT, "pthread_cond_timedwait");
    real.tv_sec -= ahead();
    return wait(condition, lock, &real);
}
