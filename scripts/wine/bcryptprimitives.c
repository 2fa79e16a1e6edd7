/* The library from which Rust's standard library takes random numbers on Windows. Wine has it from version 9 on; in an older
   one this library stands in for it. */

#include <windows.h>

BOOLEAN NTAPI SystemFunction036(PVOID buffer, ULONG length); /* RtlGenRandom */

#define MAX_PART 0x10000

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T length)
{
    while (length > 0) {
        ULONG part = length < MAX_PART ? (ULONG)length : MAX_PART;
        if (!SystemFunction036(data, part)) return FALSE;
        data += part;
        length -= part;
    }
    return TRUE;
}
